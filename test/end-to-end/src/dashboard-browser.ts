import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium, type Browser, type Page } from 'playwright-core';

/** The folder for screenshots, for people to look at. */
export const PICTURES = '.berth/pictures';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const WIDE = 1280;

/** How each page is looked at: widths (px), and colour schemes. */
export const LOOKS = [
  [WIDE, 'light'],
  [WIDE, 'dark'],
  [390, 'light'],
  [390, 'dark'],
] as const;

export interface Opened {
  readonly page: Page;
  /** Errors on the page's console, and requests to other hosts. */
  readonly wrong: string[];
}

/** A browser that opens the dashboard of one gateway. */
export class DashboardBrowser {
  private constructor(
    private readonly browser: Browser,
    private readonly api: string,
  ) {}

  static async launch(executablePath: string, api: string): Promise<DashboardBrowser> {
    mkdirSync(PICTURES, { recursive: true });
    return new DashboardBrowser(
      await chromium.launch({ executablePath, args: ['--no-sandbox'] }),
      api,
    );
  }

  /** Opens the page at `#/<path>`, once it is live. */
  async open(path: string, width = WIDE, colorScheme: 'light' | 'dark' = 'light'): Promise<Opened> {
    const context = await this.browser.newContext({
      viewport: { width, height: 900 },
      colorScheme,
      acceptDownloads: true,
    });
    const page = await context.newPage();
    const wrong: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') wrong.push(message.text());
    });
    page.on('pageerror', (error) => wrong.push(error.message));
    page.on('request', (request) => {
      const url = request.url();
      if (!url.startsWith(this.api) && !url.startsWith('blob:')) wrong.push(url);
    });
    await page.goto(`${this.api}/#/${path}`);
    await page.getByRole('status').getByText('live', { exact: true }).waitFor();
    return { page, wrong };
  }

  close(): Promise<void> {
    return this.browser.close();
  }
}

/** Whether the page is wider than the window, or on a narrow one any part of it, which would be cut. */
export async function isTooWide(page: Page): Promise<boolean> {
  return await page.evaluate(`[document.documentElement, ...document.querySelectorAll('.table')]
    .some((one, n) => (n === 0 || innerWidth <= 640) && one.scrollWidth > one.clientWidth)`);
}

/** Keeps a picture of the page; with `height`, only of its top (px). */
export async function keepPicture(page: Page, name: string, height?: number): Promise<void> {
  const path = `${PICTURES}/${name}.png`;
  await page.evaluate('scrollTo(0, 0)');
  if (height === undefined) await page.screenshot({ path, fullPage: true });
  else {
    const width = page.viewportSize()?.width ?? WIDE;
    await page.screenshot({ path, clip: { x: 0, y: 0, width, height } });
  }
}

/** The violations that axe finds: which rule, and where. */
export async function violationsOf(page: Page): Promise<readonly string[]> {
  await page.evaluate(AXE);
  const found = await page.evaluate(
    'axe.run().then(({ violations }) => violations.map(({ id, nodes }) => `${id}: ${nodes[0].html} ${nodes[0].failureSummary}`))',
  );
  return found as readonly string[];
}
