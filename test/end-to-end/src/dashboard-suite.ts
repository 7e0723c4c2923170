import { afterAll, beforeAll } from '@jest/globals';
import { BerthDev } from './berth-dev.js';
import { describeInBrowser } from './browser.js';
import { DashboardBrowser } from './dashboard-browser.js';
import { DashboardData } from './dashboard-data.js';

/** What the tests of a file share, once its first test begins. */
export let berth: BerthDev;
export let browser: DashboardBrowser;
export let data: DashboardData;
/** Of a session that runs. */
export let slot: string;

/** Tests of the dashboard of one Berth with this many slots, and something on each page. */
export function describeDashboard(title: string, slots: number, tests: () => void): void {
  describeInBrowser(title, (program) => {
    beforeAll(async () => {
      berth = new BerthDev();
      await berth.start(slots);
      browser = await DashboardBrowser.launch(program, berth.api);
      data = new DashboardData(berth.api);
      ({ slot } = await data.fill());
    }, 60_000);

    afterAll(async () => {
      await browser.close();
      await berth.dispose();
    }, 30_000);

    tests();
  });
}
