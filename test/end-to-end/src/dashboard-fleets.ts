import { afterAll, beforeAll, expect } from '@jest/globals';
import type { Page } from 'playwright-core';
import { BerthDev } from './berth-dev.js';
import { describeInBrowser } from './browser.js';
import { DashboardAgents } from './dashboard-agents.js';
import { DashboardBrowser } from './dashboard-browser.js';
import { DashboardData } from './dashboard-data.js';

/** What the tests of a file share, once its first test begins. */
export let berth: BerthDev;
export let agents: DashboardAgents;
export let browser: DashboardBrowser;
export let data: DashboardData;

/** Tests of the dashboard of one Berth with four machines and fleets, one of which cannot start its game. */
export function describeFleets(title: string, tests: () => void): void {
  describeInBrowser(title, (program) => {
    beforeAll(async () => {
      berth = new BerthDev();
      agents = new DashboardAgents(berth);
      for (const name of ['arena', 'castle', 'shed']) await berth.enroll(name);
      await berth.start(2);
      await agents.start('arena', { fleet: 'duel', slots: 3 });
      await agents.start('castle', { fleet: 'siege', slots: 2 });
      await agents.start('shed', { fleet: 'broken', slots: 1, command: ['/bin/false'] });
      browser = await DashboardBrowser.launch(program, berth.api);
      data = new DashboardData(berth.api);
      await data.allSlots(8);
    }, 60_000);

    afterAll(async () => {
      await browser.close();
      await agents.dispose();
      await berth.dispose();
    }, 60_000);

    tests();
  });
}

/** Opens a page, does something on it, and expects no error on its console but those named. */
export async function on(
  path: string,
  act: (page: Page) => Promise<void>,
  but = /^$/,
): Promise<void> {
  const { page, wrong } = await browser.open(path);
  await act(page);
  expect(wrong.filter((text) => !but.test(text))).toEqual([]);
  await page.context().close();
}

export const heading = (page: Page, name: string | RegExp): Promise<void> =>
  page.getByRole('heading', { name, level: 1 }).waitFor();
