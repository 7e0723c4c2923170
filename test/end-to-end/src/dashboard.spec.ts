import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium, type Browser, type Page } from 'playwright-core';
import { BerthDev } from './berth-dev.js';
import { installedBrowser } from './browser.js';

const program = installedBrowser();
const here = program === null ? describe.skip : describe;
if (program === null) console.log('skipped: the dashboard: there is no Chromium here');

/** The folder for screenshots, for people to look at. */
const PICTURES = '.berth/pictures';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const SCRIPT = '<script>document.title = "led astray"</script>';

here('The dashboard', () => {
  let berth: BerthDev;
  let browser: Browser;
  let slot: string;

  beforeAll(async () => {
    berth = new BerthDev();
    await berth.start(4);
    browser = await chromium.launch({ executablePath: program ?? '', args: ['--no-sandbox'] });
    mkdirSync(PICTURES, { recursive: true });
    ({ slot } = await allocate('seen', { said: SCRIPT }));
  }, 60_000);

  afterAll(async () => {
    await browser.close();
    await berth.dispose();
  }, 30_000);

  const allocate = async (allocationId: string, payload: object) => {
    const response = await fetch(`${berth.api}/v1/allocations`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ region: 'local', allocationId, payload }),
    });
    return (await response.json()) as { slot: string };
  };

  /** Opens a page that must not log errors to its console, nor contact another host. */
  const open = async (hash: string, width = 1280, colorScheme: 'light' | 'dark' = 'light') => {
    const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme });
    const page = await context.newPage();
    const wrong: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') wrong.push(message.text());
    });
    page.on('pageerror', (error) => wrong.push(error.message));
    page.on('request', (request) => {
      if (!request.url().startsWith(berth.api)) wrong.push(request.url());
    });
    await page.goto(`${berth.api}/${hash}`);
    await page.getByRole('status').getByText('live', { exact: true }).waitFor();
    return { page, wrong };
  };

  const pages = () => [
    '',
    'slots',
    `slots/${slot}`,
    'allocations',
    'allocations/seen',
    'refusals',
    'fleets',
    'fleets/local.sample',
    'builds',
    'machines',
    'installation',
    'try',
  ];

  it.each([
    [1280, 'light'],
    [1280, 'dark'],
    [390, 'light'],
    [390, 'dark'],
  ] as const)(
    'is accessible at %d px, %s',
    async (width, colorScheme) => {
      for (const path of pages()) {
        const { page, wrong } = await open(`#/${path}`, width, colorScheme);
        await page.getByRole('heading', { level: 1 }).waitFor();
        await page.waitForLoadState('networkidle', { timeout: 500 }).catch(() => undefined);
        const name = path.replace(slot, 'one').replaceAll('/', '-') || 'overview';
        await page.screenshot({
          path: `${PICTURES}/${name}-${width}-${colorScheme}.png`,
          fullPage: true,
        });
        const tooWide = await page.evaluate('document.documentElement.scrollWidth > innerWidth');
        expect({ path, tooWide, violations: await violationsOf(page), wrong }).toEqual({
          ...{ path, tooWide: false, violations: [], wrong: [] },
        });
        await page.context().close();
      }
    },
    120_000,
  );

  it('shows markup in a payload as text', async () => {
    const { page, wrong } = await open('#/allocations/seen');
    await page.getByText(SCRIPT.replaceAll('"', '\\"')).waitFor();
    expect(await page.title()).toBe('Berth');
    expect(wrong).toEqual([]);
    await page.context().close();
  });

  it('opens an id by the keyboard alone', async () => {
    const { page } = await open('');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('To the content');
    const focused = () => page.evaluate('document.activeElement.name');
    for (let n = 0; n < 12 && (await focused()) !== 'id'; n += 1) await page.keyboard.press('Tab');
    await page.keyboard.type('seen');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'seen' }).waitFor();
    await page.context().close();
  });

  it('requests a server, shows its steps, and releases it', async () => {
    const { page, wrong } = await open('#/try');
    await page.getByRole('button', { name: 'Ask for a server' }).click();
    await page.getByText('The game accepted its session').waitFor();
    await page.getByRole('heading', { level: 2 }).getByRole('link').click();
    await page.getByRole('button', { name: 'Release' }).click();
    await page.getByText('DeallocationRequested').waitFor();
    await page.getByRole('link', { name: 'Overview' }).click();
    await page.getByText('The slot was cleaned up').waitFor();
    // The picture that README shows: copy it to docs/dashboard.png when the page has changed.
    const clip = { x: 0, y: 0, width: 1280, height: 620 };
    await page.screenshot({ path: `${PICTURES}/readme.png`, clip });
    expect(wrong).toEqual([]);
    await page.context().close();
  });

  it('changes the size of a fleet only if nobody else has changed it', async () => {
    const { page, wrong } = await open('#/fleets/local.sample');
    const change = async (most: string) => {
      await page.getByLabel('Sessions and warm slots at most').fill(most);
      await page.getByLabel('Reason').first().fill('a test');
      await page.getByRole('button', { name: 'Set the size' }).click();
    };
    await change('3');
    await page.getByText('changed: revision').waitFor();
    expect(await page.getByRole('definition').allTextContents()).toContain('0 to 3');
    const path = `${berth.api}/v1/fleets/local.sample?reason=test`;
    await fetch(path, { method: 'DELETE' });
    await change('2');
    await page.getByText('revision').last().waitFor();
    await fetch(path, { method: 'DELETE' });
    expect(wrong.filter((text) => !text.includes('412'))).toEqual([]);
    await page.context().close();
  });

  it('drains all slots in the list, and withdraws that', async () => {
    const { page, wrong } = await open('#/slots?state=warm');
    const direct = async (title: RegExp) => {
      await page.getByText('Direct all of these at once').click();
      await page.getByLabel('Reason').fill('a test');
      await page.getByRole('button', { name: title }).click();
    };
    await direct(/^Drain \(/);
    await page.goto(`${berth.api}/#/slots?state=drained`);
    await page
      .getByRole('link', { name: /^local\./ })
      .first()
      .waitFor();
    await direct(/^Withdraw drain/);
    await page.getByText('0 slots').waitFor();
    expect(wrong).toEqual([]);
    await page.context().close();
  });

  it('is live again after an outage of the gateway, and has missed nothing', async () => {
    const { page } = await open('#/allocations');
    const status = page.getByRole('status');
    const gateway = berth.processes('apps/gateway');
    for (const { pid } of gateway) process.kill(pid, 'SIGKILL');
    await status.getByText('reconnecting').waitFor();
    await status.getByText('live', { exact: true }).waitFor({ timeout: 20_000 });
    await allocate('afterwards', {});
    await page.getByRole('link', { name: 'afterwards' }).waitFor();
    await page.context().close();
  }, 40_000);

  it('is for browsers: a program gets JSON', async () => {
    const response = await fetch(berth.api);
    expect(await response.json()).toMatchObject({ name: 'berth-gateway' });
    const asked = await fetch(berth.api, { headers: { accept: 'text/html' } });
    expect(asked.headers.get('content-security-policy')).toContain("default-src 'none'");
  });
});

/** The violations that axe finds: which rule, and where. */
async function violationsOf(page: Page): Promise<readonly string[]> {
  await page.evaluate(AXE);
  const found = await page.evaluate(
    'axe.run().then(({ violations }) => violations.map(({ id, nodes }) => `${id}: ${nodes[0].html} ${nodes[0].failureSummary}`))',
  );
  return found as readonly string[];
}
