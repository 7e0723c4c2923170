import { expect, it } from '@jest/globals';
import { keepPicture } from './dashboard-browser.js';
import { berth, browser, data, describeDashboard } from './dashboard-suite.js';

describeDashboard('The dashboard', 4, () => {
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
    await page.getByText('to the answer (p99').waitFor();
    // The picture that README shows: copy it to docs/dashboard.png when the page has changed.
    await keepPicture(page, 'readme', 900);
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
    // While the change is on its way, somebody else is faster.
    await page.route('**/v1/fleets/local.sample', async (route) => {
      if (route.request().method() === 'PUT') {
        await data.ask('DELETE', '/v1/fleets/local.sample?reason=test');
      }
      await route.continue();
    });
    await change('2');
    await page.getByText(/was last changed at revision \d+, not \d+; read it again/).waitFor();
    await page.unrouteAll({ behavior: 'wait' });
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
});
