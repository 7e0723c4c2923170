import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { BerthDev } from './berth-dev.js';
import { installedBrowser } from './browser.js';
import { DashboardData, pagesWith, SCRIPT } from './dashboard-data.js';
import { DashboardBrowser, keepPicture, violationsOf } from './dashboard-browser.js';

const here = installedBrowser() === null ? describe.skip : describe;
if (installedBrowser() === null) console.log('skipped: the dashboard: there is no Chromium here');

/** The size of the whole page; with all its parts it was 53,000 bytes. */
const GZIPPED_MAX = 60_000;

here('The dashboard', () => {
  let berth: BerthDev;
  let browser: DashboardBrowser;
  let data: DashboardData;
  let slot: string;

  beforeAll(async () => {
    berth = new BerthDev();
    await berth.start(4);
    browser = await DashboardBrowser.launch(berth.api);
    data = new DashboardData(berth.api);
    ({ slot } = await data.fill());
  }, 60_000);

  afterAll(async () => {
    await browser.close();
    await berth.dispose();
  }, 30_000);

  it.each([
    [1280, 'light'],
    [1280, 'dark'],
    [390, 'light'],
    [390, 'dark'],
  ] as const)(
    'is accessible at %d px, %s',
    async (width, colorScheme) => {
      for (const path of pagesWith(slot)) {
        const { page, wrong } = await browser.open(path, width, colorScheme);
        await page.getByRole('heading', { level: 1 }).waitFor();
        await page.waitForLoadState('networkidle', { timeout: 500 }).catch(() => undefined);
        const name =
          path.replace(slot, 'one').replace(/\?.*/, '').replaceAll('/', '-') || 'overview';
        await keepPicture(page, `${name}-${width}-${colorScheme}`);
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
    const { page, wrong } = await browser.open('allocations/seen');
    await page.getByText(SCRIPT.replaceAll('"', '\\"')).waitFor();
    expect(await page.title()).toBe('Berth');
    expect(wrong).toEqual([]);
    await page.context().close();
  });

  it('opens an id by the keyboard alone', async () => {
    const { page } = await browser.open('');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('To the content');
    const focused = () => page.evaluate('document.activeElement.name');
    for (let n = 0; n < 14 && (await focused()) !== 'id'; n += 1) await page.keyboard.press('Tab');
    await page.keyboard.type('seen');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'seen' }).waitFor();
    await page.context().close();
  });

  it.each([
    ['over', 'the session ended after'],
    ['refused', 'nothing-fits'],
    ['local.sample', 'Sessions and warm slots at most'],
    ['local.dev', 'local.dev'],
  ])('finds what has the id %s', async (id, text) => {
    const { page, wrong } = await browser.open('');
    await page.getByRole('searchbox').fill(id);
    await page.getByRole('searchbox').press('Enter');
    await page.getByRole('heading', { name: id }).waitFor();
    await page.getByText(text).first().waitFor();
    expect(wrong).toEqual([]);
    await page.context().close();
  });

  it('tells why a request got its slot, and what else was recorded of it', async () => {
    const { page, wrong } = await browser.open('allocations/over');
    await page.getByRole('cell', { name: /its process was ready|it had no process/ }).waitFor();
    await page.getByText('Compute from the history why it got its slot').click();
    await page.getByText('recomputed').waitFor();
    expect(await page.getByText('the same').count()).toBe(1);
    expect(wrong).toEqual([]);
    await page.context().close();
  });

  it('shows a slot as it was, and what its game writes', async () => {
    const { page, wrong } = await browser.open(`slots/${slot}`);
    const slider = page.getByRole('slider', { name: 'As of' });
    await slider.focus();
    await slider.press('Home');
    const then = page.getByRole('region', { name: 'The slot at that instant' });
    await then.getByText('Its agent registered it').waitFor();
    expect(await then.getByText('cold').count()).toBe(1);
    expect(page.url()).toContain('?at=');
    await page.getByText('What its games write').click();
    await page.getByText('callback accepted').waitFor();
    expect(wrong).toEqual([]);
    await page.context().close();
  });

  it('saves who did what, and why, as files', async () => {
    const { page, wrong } = await browser.open('audit');
    await page.getByRole('cell', { name: 'the match is over' }).waitFor();
    const saved = async (name: string) => {
      const download = page.waitForEvent('download');
      await page.getByRole('button', { name }).click();
      return readFileSync(await (await download).path(), 'utf8').split(/\r?\n/);
    };
    const [line = ''] = await saved('Save as JSON lines');
    expect(JSON.parse(line)).toMatchObject({ reason: 'the match is over', allocationId: 'over' });
    const [names, row] = await saved('Save as CSV');
    expect(names).toBe('sequence,slot,at,event,by,reason,allocationId');
    expect(row).toContain('the match is over');
    expect(wrong).toEqual([]);
    await page.context().close();
  });

  it('shows a slot as it is in the end, though an earlier answer was late', async () => {
    const { page, wrong } = await browser.open('slots');
    const answer = await (await data.ask('GET', '/v1/slots?status=available')).json();
    const [free] = (answer as { readonly slots: readonly [{ readonly id: string }] }).slots;
    const row = page.getByRole('row', { name: free.id });
    await row.getByText(/^(warm|cold)$/).waitFor();
    let answerNow: () => void = () => undefined;
    const late = new Promise<void>((resolve) => (answerNow = resolve));
    await page.route(
      `**/v1/slots/${free.id}`,
      async (route) => {
        const response = await route.fetch();
        await late;
        await route.fulfill({ response });
      },
      { times: 1 },
    );
    const read = page.waitForRequest(`**/v1/slots/${free.id}`);
    for (const direction of ['drain', 'withdraw-drain']) {
      await data.ask('POST', `/v1/slots/${free.id}/directions`, { direction, reason: 'a test' });
      await read;
      // Until nothing happens to the slot any more.
      await page.waitForTimeout(2_000);
    }
    answerNow();
    await page.waitForTimeout(1_000);
    expect(await row.getByText(/^(warm|cold)$/).count()).toBe(1);
    expect(wrong).toEqual([]);
    await page.context().close();
  });

  it('requests a server, shows its steps, and releases it', async () => {
    const { page, wrong } = await browser.open('try');
    await page.getByRole('button', { name: 'Ask for a server' }).click();
    await page.getByText('The game accepted its session').waitFor();
    await page.getByRole('heading', { level: 2 }).getByRole('link').click();
    await page.getByLabel('Reason').fill('tried');
    await page.getByRole('button', { name: 'Release' }).click();
    await page.getByText('The session was released').waitFor();
    await page.getByRole('link', { name: 'Overview' }).click();
    await page.getByText('The slot was cleaned up').waitFor();
    await page.getByText(/ms for half of them/).waitFor();
    // The picture that README shows: copy it to docs/dashboard.png when the page has changed.
    await keepPicture(page, 'readme', 800);
    expect(wrong).toEqual([]);
    await page.context().close();
  });

  it('changes the size of a fleet only if nobody else has changed it', async () => {
    const { page, wrong } = await browser.open('fleets/local.sample');
    const change = async (most: string) => {
      await page.getByLabel('Sessions and warm slots at most').fill(most);
      await page.getByLabel('Reason').first().fill('a test');
      await page.getByRole('button', { name: 'Set the size' }).click();
    };
    await change('3');
    await page.getByText('changed: revision').waitFor();
    await page.getByText('0 warm at least, 0 ahead, 3 at most').waitFor();
    await data.ask('DELETE', '/v1/fleets/local.sample?reason=test');
    await change('2');
    await page.getByText('revision').last().waitFor();
    await data.ask('DELETE', '/v1/fleets/local.sample?reason=test');
    expect(wrong.filter((text) => !text.includes('412'))).toEqual([]);
    await page.context().close();
  });

  it('compares build configurations, and sets one', async () => {
    const { page, wrong } = await browser.open('configurations/local.one?with=local.two');
    await page.getByRole('cell', { name: 'bin/two' }).waitFor();
    await page.getByText('Change it').click();
    const json = page.getByLabel('Build configuration, as JSON');
    await json.fill((await json.inputValue()).replace('bin/one', 'bin/two'));
    await page.getByLabel('Reason').fill('a test');
    await page.getByRole('button', { name: 'Set it' }).click();
    await page.getByText('set: version 2').waitFor();
    await page.getByText('They are the same.').waitFor();
    expect(wrong).toEqual([]);
    await page.context().close();
  });

  it('compares two versions of a build, file by file', async () => {
    const { page, wrong } = await browser.open('builds/local.harbour?from=1&to=2');
    for (const change of [/server changed/, /maps\/docks removed/, /maps\/quay added/]) {
      await page.getByRole('row', { name: change }).waitFor();
    }
    expect(wrong).toEqual([]);
    await page.context().close();
  });

  it('shows what a fleet had in the last hour, from the history', async () => {
    const { page, wrong } = await browser.open('fleets/local.sample');
    await page.getByText('The last hour, from the history').click();
    await page.getByRole('img', { name: 'Its slots in the last hour' }).waitFor();
    expect(wrong).toEqual([]);
    await page.context().close();
  });

  it('shows when a machine was heard, and the room on its disk', async () => {
    const { page, wrong } = await browser.open('machines');
    await page.getByRole('row', { name: /local\.dev \d\d:\d\d:\d\d .* GiB free passed/ }).waitFor();
    expect(wrong).toEqual([]);
    await page.context().close();
  });

  it('shows nats-servers, allocators, gateways and streams', async () => {
    const { page, wrong } = await browser.open('installation');
    await page.getByRole('row', { name: /allocator \w{8} local \d+\.\d+\.\d+/ }).waitFor();
    await page.getByRole('row', { name: /gateway \w{8} local .* yes/ }).waitFor();
    await page.getByRole('row', { name: /^SLOTS_local \d+ / }).waitFor();
    await page.getByRole('row', { name: / \d+\.\d+\.\d+ \d streams none/ }).waitFor();
    expect(wrong).toEqual([]);
    await page.context().close();
  });

  it('drains all slots in the list, and withdraws that', async () => {
    const { page, wrong } = await browser.open('slots?state=warm');
    const direct = async (title: RegExp) => {
      await page.getByText('Direct all of these at once').click();
      await page.getByLabel('Reason').fill('a test');
      await page.getByRole('button', { name: title }).click();
    };
    await direct(/^Drain \(/);
    await page.getByText('0 slots').waitFor();
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

  it('releases the sessions of chosen slots alone', async () => {
    const chosen = await data.allocate('chosen', {});
    const { page, wrong } = await browser.open('slots?state=live');
    await page.getByLabel(`Choose ${chosen.slot}`, { exact: true }).check();
    await page.getByText('Direct the 1 chosen ones at once').click();
    await page.getByLabel('Reason').fill('a test');
    await page.getByRole('button', { name: 'Release' }).click();
    await page.getByRole('link', { name: chosen.slot, exact: true }).waitFor({ state: 'detached' });
    expect(await page.getByRole('link', { name: 'seen' }).count()).toBe(1);
    expect(wrong).toEqual([]);
    await page.context().close();
  });

  it('is live again after an outage of the gateway, and has missed nothing', async () => {
    const { page } = await browser.open('allocations');
    const status = page.getByRole('status');
    const gateway = berth.processes('apps/gateway');
    for (const { pid } of gateway) process.kill(pid, 'SIGKILL');
    await status.getByText('reconnecting').waitFor();
    await status.getByText('live', { exact: true }).waitFor({ timeout: 20_000 });
    await data.allocate('afterwards', {});
    await page.getByRole('link', { name: 'afterwards' }).first().waitFor();
    await page.context().close();
  }, 40_000);

  it(`is at most ${GZIPPED_MAX} bytes to load, gzipped`, () => {
    const folder = 'dist/dashboard';
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .map((name) => join(folder, name))
      .filter((path) => statSync(path).isFile());
    const bytes = files.map((path) => gzipSync(readFileSync(path)).length);
    expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThan(GZIPPED_MAX);
  });

  it('is for browsers: a program gets JSON', async () => {
    const response = await fetch(berth.api);
    expect(await response.json()).toMatchObject({ name: 'berth-gateway' });
    const asked = await fetch(berth.api, { headers: { accept: 'text/html' } });
    expect(asked.headers.get('content-security-policy')).toContain("default-src 'none'");
  });
});
