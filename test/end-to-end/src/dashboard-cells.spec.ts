import { connectBerth } from '#client';
import { expect, it } from '@jest/globals';
import { keepPicture } from './dashboard-browser.js';
import { agents, berth, data, describeFleets, heading, on } from './dashboard-fleets.js';

const NUMBERS = `[...document.querySelectorAll('.numbers a')]
  .map((one) => [one.getAttribute('href'), one.textContent])`;

/** Each cell of "shows" and "does" that is of the installation, its fleets and its machines. */
describeFleets('The dashboard of several machines and fleets', () => {
  it(
    'leads from each number of the overview to its list',
    () =>
      on('', async (page) => {
        await data.allocate('refused', {}, { attributes: { mode: 'none has it' } });
        const { slot } = await data.allocate('granted', {}, { fleet: 'duel' });
        const waits = data.allocate('waits', {}, { slot, waitMs: 10_000 });
        for (const settled of ['6 warm', '1 cold', '1 live', '1 waiting for a slot']) {
          await page.getByRole('link', { name: settled }).waitFor();
        }
        await page.getByText('to the answer (p99').waitFor();
        const links = await page.evaluate<readonly [href: string, says: string][]>(NUMBERS);
        expect(links.map(([, text]) => text.replace(/^\S+ (ms )?/, '').slice(0, 14))).toEqual([
          ...['warm', 'cold', 'awaiting', 'live', 'idle', 'deallocated', 'drained', 'maintenance'],
          ...['lost', 'allocations a ', 'to the answer ', 'waiting for a ', 'refused in a d'],
          'agents lost',
        ]);
        for (const [href, text] of links) {
          await page.goto(`${berth.api}/${href}`);
          const [count = ''] = text.split(' ');
          if (href.includes('state=')) await page.getByText(`${count} slot`).first().waitFor();
          if (href.includes('heard=')) await page.getByText('0 machines').waitFor();
          expect(await page.getByText('There is no such page').count()).toBe(0);
        }
        await page.goto(`${berth.api}/#/`);
        await page
          .getByRole('link', { name: /^local\.arena-?\w*\.\d: / })
          .first()
          .click();
        await heading(page, /^local\.arena/);
        await waits;
      }),
    60_000,
  );

  it(
    'shows of a rollout which slot failed and why, and rolls back',
    () =>
      on('fleets', async (page) => {
        await data.configure('bad', '/bin/false');
        await page.getByRole('link', { name: 'local.siege' }).click();
        const form = page.locator('form').filter({ hasText: 'Roll it out' });
        await form.getByLabel('Build configuration').fill('bad');
        await form.getByLabel('Reason').fill('a test');
        await form.getByRole('button').click();
        await page.getByText('was rolled out by dashboard: a test').waitFor();
        await page.getByText(/[1-9] failed/).waitFor();
        await page
          .getByRole('table', { name: 'Slots that fail' })
          .getByRole('link')
          .first()
          .waitFor();
        await page
          .getByRole('row', { name: /the rollout stands|start: / })
          .first()
          .waitFor();
        await keepPicture(page, 'fleets-failed-1280-light');
        await page.getByRole('button', { name: /^Roll back to/ }).click();
        await page.getByText('changed: revision').waitFor();
        await page.getByText('as its agents are set').first().waitFor();
      }),
    60_000,
  );

  it('sets a build configuration under a new name, and removes it', () =>
    on(
      'builds',
      async (page) => {
        await page.getByLabel('Name').fill('brand-new');
        await page.getByRole('button', { name: 'Set another build configuration' }).click();
        await heading(page, 'local.brand-new');
        await page.getByLabel('Reason').fill('a test');
        await page.getByRole('button', { name: 'Set it' }).click();
        await page.getByText('set: version 1').waitFor();
        await page.getByText('The build configuration was set by dashboard: a test').waitFor();
        await page.getByText('Change it').click();
        await page.getByLabel('Reason').fill('a test');
        await page.getByRole('button', { name: 'Remove it' }).click();
        await page.getByText('Nothing is set under this name now.').waitFor();
      },
      /404/,
    ));

  it(
    'drains a machine, and tells one that stopped in order from one that is lost',
    () =>
      on('', async (page) => {
        await agents.lose('arena');
        await agents.stop('castle');
        await page.getByRole('link', { name: '1 agent lost' }).click({ timeout: 30_000 });
        await page.getByText('1 machine', { exact: true }).waitFor();
        await page.getByRole('row', { name: /^local\.arena\S* lost / }).waitFor();
        await page.getByRole('combobox', { name: 'Agent' }).selectOption('stopped');
        await page.getByRole('row', { name: /^local\.castle\S* stopped in order/ }).waitFor();
        await page.getByRole('combobox', { name: 'Agent' }).selectOption('lost');
        await page.getByRole('link', { name: /^local\.arena/ }).click();
        await page.getByLabel('Reason').fill('its machine is broken');
        await page.getByRole('button', { name: /^Drain/ }).click();
        await page
          .getByText(/done|pending/)
          .first()
          .waitFor();
        await page.getByRole('link', { name: /\.\d$/ }).first().click();
        await page.locator('figcaption .lost').waitFor();
        await keepPicture(page, 'slots-lost-1280-light');
        await page.getByRole('link', { name: 'Audit' }).click();
        await page
          .getByRole('row', { name: /its machine is broken/ })
          .first()
          .waitFor();
        await page.getByRole('row', { name: /dashboard .* rolled out local\.siege/ }).waitFor();
      }),
    60_000,
  );

  it(
    'shows all events of a slot after an outage of the gateway',
    () =>
      on(
        'slots?fleet=local.sample',
        async (page) => {
          await page
            .getByRole('link', { name: /^local\.dev/ })
            .first()
            .click();
          const slot = await page.getByRole('heading', { level: 1 }).innerText();
          await page.getByText('A game process was started').waitFor();
          for (const { pid } of berth.processes('apps/gateway')) process.kill(pid, 'SIGKILL');
          await page.getByRole('status').getByText('reconnecting').waitFor();
          const client = await connectBerth({ url: berth.natsUrl });
          await client.allocate({ allocationId: 'unseen', region: 'local', slot });
          await client.deallocate({ allocationId: 'unseen', region: 'local', reason: 'unseen' });
          await client.close();
          await page
            .getByRole('status')
            .getByText('live', { exact: true })
            .waitFor({ timeout: 20_000 });
          await page.getByText('for unseen').waitFor();
          await page.getByText('The slot was cleaned up').waitFor();
        },
        /ERR_|Failed to load|502|503/,
      ),
    60_000,
  );
});
