import { beforeAll, expect, it } from '@jest/globals';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { isTooWide, keepPicture, LOOKS, violationsOf } from './dashboard-browser.js';
import { pagesWith, SCRIPT } from './dashboard-data.js';
import { berth, browser, data, describeDashboard, slot } from './dashboard-suite.js';

/** Names and states that are written on more than one line of a table: they have no spaces. */
const CUT = `[...document.querySelectorAll('td > a, td .state')]
  .filter((one) => innerWidth > 640 && one.offsetHeight > 30)
  .map(({ textContent }) => textContent)`;

/** What is loaded at first, and everything; it is 37,300 and 60,500 bytes. */
const GZIPPED_MAX = { first: 40_000, whole: 64_000 };

describeDashboard('The dashboard', 6, () => {
  beforeAll(() => data.direct('drain', 'begin-maintenance'));

  it.each(LOOKS)(
    'is accessible at %d px, %s',
    async (width, colorScheme) => {
      for (const path of pagesWith(slot)) {
        const { page, wrong } = await browser.open(path, width, colorScheme);
        await page.getByRole('heading', { level: 1 }).waitFor();
        await page.waitForLoadState('networkidle', { timeout: 500 }).catch(() => undefined);
        const name =
          path.replace(slot, 'one').replace(/\?.*/, '').replaceAll('/', '-') || 'overview';
        await keepPicture(page, `${name}-${width}-${colorScheme}`);
        const tooWide = await isTooWide(page);
        const cut = await page.evaluate(CUT);
        expect({ path, tooWide, cut, violations: await violationsOf(page), wrong }).toEqual({
          ...{ path, tooWide: false, cut: [], violations: [], wrong: [] },
        });
        await page.context().close();
      }
    },
    120_000,
  );

  it('shows markup in a payload as text', async () => {
    const { page, wrong } = await browser.open('allocations/seen');
    await page.getByText(SCRIPT.replaceAll('"', '\\"')).first().waitFor();
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
    const lines = (await saved('Save as JSON lines')).filter(Boolean);
    expect(lines.map((line) => JSON.parse(line) as object)).toContainEqual(
      expect.objectContaining({ reason: 'the match is over', allocationId: 'over' }),
    );
    const [names, ...rows] = await saved('Save as CSV');
    expect(names?.split(',').sort()).toEqual([
      ...['allocationId', 'at', 'by', 'event', 'kind', 'reason', 'sequence', 'setting', 'slot'],
    ]);
    expect(rows.join('\n')).toMatch(/BuildPushed,ann,a test.*local\.harbour/);
    expect(rows.join('\n')).toContain('the match is over');
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

  it('shows when a machine was heard, the room on its disk, and its policy', async () => {
    const { page, wrong } = await browser.open('machines');
    const row = /local\.dev \d\d:\d\d:\d\d .* GiB free at most 99 slots passed/;
    await page.getByRole('row', { name: row }).waitFor();
    await page.getByRole('link', { name: 'local.dev' }).click();
    await page.getByText('at most 99 slots').waitFor();
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

  it(`is at most ${GZIPPED_MAX.first} bytes at first, and ${GZIPPED_MAX.whole} in all, gzipped`, () => {
    const folder = 'dist/dashboard';
    const sizes = new Map(
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((name) => statSync(join(folder, name)).isFile())
        .map((name) => [name, gzipSync(readFileSync(join(folder, name))).length] as const),
    );
    const total = (names: Iterable<string>) =>
      [...names].reduce((sum, name) => sum + (sizes.get(name) ?? NaN), 0);
    const index = readFileSync(join(folder, 'index.html'), 'utf8');
    const named = [...index.matchAll(/"\/dashboard\/([^"]+)"/g)].map(([, name = '']) => name);
    expect(named.length).toBeGreaterThan(1);
    expect(total(['index.html', ...named])).toBeLessThan(GZIPPED_MAX.first);
    expect(total(sizes.keys())).toBeLessThan(GZIPPED_MAX.whole);
  });

  it('is for browsers: a program gets JSON', async () => {
    const response = await fetch(berth.api);
    expect(await response.json()).toMatchObject({ name: 'berth-gateway' });
    const asked = await fetch(berth.api, { headers: { accept: 'text/html' } });
    expect(asked.headers.get('content-security-policy')).toContain("default-src 'none'");
  });
});
