import { afterEach, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { keepPicture } from './dashboard-browser.js';
import { pagesWith } from './dashboard-data.js';
import { browser, data, describeDashboard, slot } from './dashboard-suite.js';
import { tabTo, tourOf } from './keyboard.js';

/** Nothing but the keyboard is used in these tests. */
describeDashboard('The dashboard, by the keyboard alone', 3, () => {
  let page: Page;

  afterEach(() => page.context().close());

  const open = async (path: string) => {
    ({ page } = await browser.open(path));
    await page.waitForLoadState('networkidle', { timeout: 500 }).catch(() => undefined);
    // From here on, the focus starts in the content.
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
  };

  const type = async (field: string, text: string) => {
    await tabTo(page, 'input', new RegExp(`^${field}`));
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type(text);
  };

  const press = async (button: string | RegExp, key = 'Enter') => {
    await tabTo(page, 'button', button);
    await page.keyboard.press(key);
  };

  const unfold = async (summary: string | RegExp) => {
    await tabTo(page, 'summary', summary);
    await page.keyboard.press('Space');
  };

  it('reaches all that can be used on each page, and marks what has the focus', async () => {
    for (const path of pagesWith(slot)) {
      ({ page } = await browser.open(path));
      await page.waitForLoadState('networkidle', { timeout: 500 }).catch(() => undefined);
      expect({ path, ...(await tourOf(page)) }).toEqual({ path, missed: [], unmarked: [] });
      await page.context().close();
    }
  }, 120_000);

  it('drains a slot and withdraws that, the focus staying where it was', async () => {
    await open(`slots/${slot}`);
    await type('Reason', 'a test');
    await press('Drain');
    await page.getByText('(then drain)').waitFor();
    expect(await page.evaluate('document.activeElement.value')).toBe('drain');
    await press('Withdraw drain', 'Space');
    await page.getByText('(then drain)').waitFor({ state: 'detached' });
    expect(await page.evaluate('document.activeElement.value')).toBe('withdraw-drain');
  });

  it("reads a slot's output and one event as JSON, and goes back in time", async () => {
    await open(`slots/${slot}`);
    await unfold('What its games write');
    await page.getByText('callback accepted').waitFor();
    await tabTo(page, 'input', /^As of/);
    await page.keyboard.press('Home');
    await page.getByRole('region', { name: 'The slot at that instant' }).waitFor();
    await press('Now');
    await unfold(/The game accepted its session/);
    await page.getByText('"type": "CallbackAcked"').waitFor();
  });

  it('chooses slots, and directs these', async () => {
    await open('slots');
    await tabTo(page, 'input', `Choose ${slot}`);
    await page.keyboard.press('Space');
    await page.getByText('Direct the 1 chosen ones at once').waitFor();
    await page.keyboard.press('Shift+Tab');
    for (let tabs = 0; tabs < 5; tabs += 1) {
      if ((await page.evaluate('document.activeElement.tagName')) === 'SUMMARY') break;
      await page.keyboard.press('Shift+Tab');
    }
    await page.keyboard.press('Enter');
    await type('Reason', 'a test');
    await press(/^Maintain/);
    await page.getByText(/^pending$|^done$/).waitFor();
    await press(/^End maintenance/);
    await page.getByText(/^withdrawn$|^done$|^unchanged$/).waitFor();
  });

  it('asks for a server, copies the request, and releases it', async () => {
    await open('try');
    await press('Ask for a server');
    await page.getByText('The game accepted its session').waitFor();
    await page.getByText(/^nc 127\.0\.0\.1 \d+$/).waitFor();
    await type('Reason', 'tried');
    await press('Release');
    await page.getByText('released', { exact: true }).waitFor();
    await open('allocations/over');
    await unfold('Ask for it again');
    await press('Ask again');
    await page.getByRole('alert').or(page.getByText('"allocationId": "over"')).waitFor();
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    for (const command of ['curl -X POST', 'nats request allocate.local', 'await berth.allocate']) {
      await press('Copy');
      await page.getByText('Copied').waitFor();
      expect(await page.evaluate('navigator.clipboard.readText()')).toContain(command);
      await page.getByText('Copied').waitFor({ state: 'detached' });
    }
  });

  it('sets the size of a fleet, rolls out, sees what waits for it, and rolls back', async () => {
    await open('fleets/local.sample');
    await type('Sessions and warm slots at most', '3');
    await type('Reason', 'a test');
    await press('Set the size');
    await page.getByText('0 warm at least, 0 ahead, 3 at most').waitFor();
    await type('Build configuration', 'one');
    await type('Reason', 'a test');
    await press('Roll it out');
    await page.getByRole('row', { name: /has a session: changes when it is over/ }).waitFor();
    await keepPicture(page, 'fleets-rollout-1280-light');
    await page.keyboard.press('ControlOrMeta+Home');
    await press("Roll back to the agents' own settings");
    await page.getByRole('button', { name: 'Roll back to one' }).waitFor();
    await page.getByText('as its agents are set').waitFor();
  }, 40_000);

  it('sets a build configuration, removes a version of a build, and saves the audit', async () => {
    await open('configurations/local.two');
    await unfold('Change it');
    await type('Reason', 'a test');
    await press('Set it');
    await page.getByText(/set: version \d/).waitFor();
    await open('builds/local.harbour');
    await type('Reason', 'a test');
    await press('Remove it');
    await page.getByText('version 1 is removed').waitFor();
    await open('audit');
    const saved = page.waitForEvent('download');
    await press('Save as CSV');
    expect((await saved).suggestedFilename()).toBe('berth-audit.csv');
  });

  it('counts the requests that wait, and leads to them', async () => {
    const all = ['a', 'b', 'c'].map((id) => data.allocate(`wait-${id}`, {}, { waitMs: 60_000 }));
    await open('');
    await page.getByRole('link', { name: '1 waiting for a slot' }).waitFor();
    await tabTo(page, 'a', '1 waiting for a slot');
    await page.keyboard.press('Enter');
    await page.getByRole('row', { name: /^wait-. local any/ }).waitFor();
    await keepPicture(page, 'allocations-waiting-1280-light');
    await data.ask('DELETE', '/v1/allocations/seen?reason=a+test');
    await Promise.all(all);
    await page.getByText('Waiting for a slot: 1').waitFor({ state: 'detached' });
  }, 60_000);
});
