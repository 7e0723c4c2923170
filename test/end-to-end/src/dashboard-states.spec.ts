import { anEvent, anOffer, aProcess } from '#testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { resolve } from 'node:path';
import { TestGateway } from '../../../apps/gateway/test/support/gateway.js';
import { serveDashboard } from '../../../apps/gateway/src/dashboard/serve-dashboard.js';
import { describeInBrowser } from './browser.js';
import {
  DashboardBrowser,
  isTooWide,
  keepPicture,
  LOOKS,
  violationsOf,
} from './dashboard-browser.js';
import { SCRIPT } from './dashboard-data.js';

const SLOTS = 10_000;
const MACHINES = 50;

/** Of a picture (px): a list of all slots would be too high for one. */
const HEIGHT = 1_800;

/** Names as long as they may be. */
const MACHINE = 'machine-in-the-third-row-of-the-cellar-behind-the-stairs-no';
const FLEET = `the-fleet-of-a-game-with-a-name-that-nobody-can-remember-${SCRIPT}`;
const ID = `match-${'0123456789abcdef'.repeat(7)}`;

/** What an operator may meet at night: much, lost, wrong, unanswered, and named at length. */
describeInBrowser('The dashboard of a large installation in trouble', (program) => {
  let gateway: TestGateway;
  let browser: DashboardBrowser;

  beforeAll(async () => {
    const serveExplorer = (app: Parameters<typeof serveDashboard>[0]) =>
      serveDashboard(app, resolve('dist/dashboard'));
    gateway = await TestGateway.start(
      { BERTH_REGIONS: 'local,a-region-without-slots' },
      { serveExplorer },
    );
    for (let n = 0; n < SLOTS; n += 1) {
      await gateway.record(`local.${MACHINE}-${n % MACHINES}.s${n}`, lifeOf(n));
    }
    browser = await DashboardBrowser.launch(program, gateway.url);
  }, 120_000);

  afterAll(async () => {
    await browser.close();
    await gateway.close();
  });

  const slot = `local.${MACHINE}-1.s1`;
  const pages = [
    ...['', 'slots', `slots/${slot}`, 'machines', `machines/local.${MACHINE}-7`],
    ...['fleets', 'builds', `allocations`, `allocations/${ID}`, 'refusals'],
    ...['audit?requests=all', 'installation', 'try', 'configurations/local.unknown'],
  ];

  it.each(LOOKS)(
    'fits, and is accessible, at %d px, %s',
    async (width, colorScheme) => {
      for (const path of pages) {
        const { page } = await browser.open(path, width, colorScheme);
        await page.setViewportSize({ width, height: HEIGHT });
        await page.getByRole('heading', { level: 1 }).waitFor();
        await page.waitForLoadState('networkidle', { timeout: 1_000 }).catch(() => undefined);
        const name = path.replace(/\?.*/, '').replaceAll(/\W/g, '-').slice(0, 20) || 'overview';
        await keepPicture(page, `trouble-${name}-${width}-${colorScheme}`, HEIGHT);
        const tooWide = await isTooWide(page);
        const scripts = await page.locator('main script').count();
        expect({ path, tooWide, scripts, violations: await violationsOf(page) }).toEqual({
          ...{ path, tooWide: false, scripts: 0, violations: [] },
        });
        await page.context().close();
      }
    },
    180_000,
  );

  /** Most are warm; some have sessions with long ids, one machine is lost, and one game fails. */
  function lifeOf(n: number) {
    const offer = anOffer({ fleet: FLEET, buildConfiguration: 'a-configuration-of-some-length' });
    const at = Date.now() - 60_000;
    const registered = anEvent('SlotRegistered', { at, offer });
    const started = anEvent('ProcessStarted', { at, process: aProcess({ startedAt: at }) });
    const claimed = [
      anEvent('AllocationRequested', {
        at,
        allocationId: n === 1 ? ID : `${ID}${n}`,
        requestedBy: SCRIPT,
      }),
      anEvent('CallbackAcked', { at: at + 40 }),
    ];
    const failure = { check: 'query', reason: `no answer in 3 tries ${SCRIPT}`, failedAt: at };
    return [
      ...[registered, started],
      ...(n % 3 === 1 ? claimed : []),
      ...(n === 1 ? [anEvent('CheckFailed', { at: at + 50, failure })] : []),
      ...(n % MACHINES === 7 ? [anEvent('AgentLost', { at: at + 1_000 })] : []),
    ];
  }
});
