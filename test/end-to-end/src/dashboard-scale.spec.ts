import { slot } from '#slot';
import { anEvent, past } from '#testing';
import { encodeJson } from '#wire';
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { TestGateway } from '../../../apps/gateway/test/support/gateway.js';
import { TestTokens } from '../../../apps/gateway/test/support/tokens.js';
import { serveDashboard } from '../../../apps/gateway/src/dashboard/serve-dashboard.js';
import { describeInBrowser } from './browser.js';
import { keepPicture, PICTURES } from './dashboard-browser.js';

const SLOTS = 10_000;

/** How long a large list may take to appear, be filtered or change, on a busy machine (ms). */
const SMOOTH_MS = 3_000;

describeInBrowser('The dashboard', (executablePath) => {
  let browser: Browser;
  let gateway: TestGateway;

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  });

  afterEach(() => gateway.close());
  afterAll(() => browser.close());

  const serveExplorer = (app: Parameters<typeof serveDashboard>[0]) =>
    serveDashboard(app, resolve('dist/dashboard'));

  const open = async (hash: string): Promise<Page> => {
    const page = await browser.newPage();
    page.setDefaultTimeout(SMOOTH_MS);
    await page.goto(`http://127.0.0.1:${gateway.port}/${hash}`);
    return page;
  };

  it(`shows ${SLOTS} slots, finds one of them, and sees its agent lost, then stopped`, async () => {
    gateway = await TestGateway.start({}, { serveExplorer });
    for (let n = 0; n < SLOTS; n += 1) await gateway.record(`local.m${n % 100}.s${n}`, past.warm);
    const page = await open('#/slots');
    await page.getByText(`${SLOTS} slots`).waitFor({ timeout: 10_000 });
    await scrollsThrough(page);
    await page.getByRole('searchbox', { name: 'Text' }).fill('local.m7.s4207');
    await page.getByText('1 slot', { exact: true }).waitFor();
    expect(page.url()).toContain('?q=local.m7.s4207');

    await page.getByRole('status').getByText('live', { exact: true }).waitFor();
    await lose('local.m7.s4207');
    await page.getByRole('cell', { name: 'lost' }).waitFor();

    await page.goto(`http://127.0.0.1:${gateway.port}/#/`);
    await page.getByRole('img', { name: '99 warm, 1 lost' }).waitFor();
    expect(await page.getByRole('img', { name: '100 warm' }).count()).toBe(99);
    const [first] = await page.locator('.machines li').allTextContents();
    expect(first).toBe('local.m7 1 in trouble');
    mkdirSync(PICTURES, { recursive: true });
    await keepPicture(page, 'overview-10000-1280-light');
    const disk = { freeBytes: 2 ** 30, totalBytes: 2 ** 31 };
    gateway.bus.publish('beat.local.m7', encodeJson({ incarnation: 1, stops: true, disk }));
    await page.goto(`http://127.0.0.1:${gateway.port}/#/machines`);
    const stopped = /local\.m7 stopped in order .* 1\.0 GiB of 2\.0 GiB free/;
    await page.getByRole('row', { name: stopped }).waitFor({ timeout: 10_000 });
    await page.close();
  }, 60_000);

  it('asks for a token, and says what a token does not allow', async () => {
    const tokens = await TestTokens.create();
    gateway = await TestGateway.start({ BERTH_TOKENS: tokens.path }, { serveExplorer });
    await gateway.record('local.m.1', past.warm);
    const page = await open('#/slots');
    await page.getByRole('heading', { name: 'An access token is needed' }).waitFor();
    await page.getByLabel('Token').fill(await tokens.add(['register']));
    await page.getByRole('button', { name: 'Use it' }).click();
    await page.getByRole('status').getByText('observe').waitFor({ timeout: 10_000 });
    expect(await page.getByText('local.m.1').count()).toBe(0);
    await page.close();

    const observing = await open('#/slots');
    await observing.getByLabel('Token').fill(await tokens.add(['observe']));
    await observing.getByRole('button', { name: 'Use it' }).click();
    await observing.getByRole('link', { name: 'local.m.1' }).click({ timeout: 10_000 });
    await observing.getByRole('alert').getByText('audit').waitFor();
    await observing.close();

    const allowed = await open('#/slots');
    await allowed.getByLabel('Token').fill(await tokens.add(['observe', 'audit']));
    await allowed.getByRole('button', { name: 'Use it' }).click();
    await allowed.getByRole('link', { name: 'local.m.1' }).waitFor({ timeout: 10_000 });
    await allowed.close();
    await tokens.remove();
  }, 60_000);

  /** Only a few rows are drawn, and the last one can be reached. */
  async function scrollsThrough(page: Page): Promise<void> {
    const rows = page.getByRole('row');
    expect(await rows.count()).toBeLessThan(200);
    await page.keyboard.press('End');
    await page.getByRole('link', { name: 'local.m99.s9999' }).waitFor();
    expect(await rows.count()).toBeLessThan(200);
    await page.keyboard.press('Home');
    await page.getByRole('link', { name: 'local.m0.s0', exact: true }).waitFor();
  }

  /** Records the loss of an agent, like an allocator after its silence. */
  async function lose(name: string): Promise<void> {
    const subject = `slot.${name}`;
    const last = await gateway.log.last(subject);
    if (last?.kind !== 'recorded') throw new Error(`no such slot: ${name}`);
    const event = anEvent('AgentLost');
    const record = {
      ...last.record,
      id: 'lost',
      event,
      state: slot.evolve(last.record.state, event),
    };
    await gateway.log.append({ subject, expected: last.sequence, record });
  }
});
