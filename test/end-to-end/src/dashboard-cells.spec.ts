import { connectBerth } from '#client';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { BerthDev } from './berth-dev.js';
import { describeInBrowser } from './browser.js';
import { DashboardAgents } from './dashboard-agents.js';
import { DashboardBrowser, keepPicture } from './dashboard-browser.js';
import { DashboardData } from './dashboard-data.js';

const run = promisify(execFile);

const NUMBERS = `[...document.querySelectorAll('.numbers a')]
  .map((one) => [one.getAttribute('href'), one.textContent])`;

/** Each cell of "shows" and "does" that needs several machines and fleets, clicked through. */
describeInBrowser('The dashboard of several machines and fleets', (program) => {
  const berth = new BerthDev();
  const agents = new DashboardAgents(berth);
  let browser: DashboardBrowser;
  let data: DashboardData;

  beforeAll(async () => {
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

  /** Opens a page, does something on it, and expects no error on its console but those named. */
  const on = async (path: string, act: (page: Page) => Promise<void>, but = /^$/) => {
    const { page, wrong } = await browser.open(path);
    await act(page);
    expect(wrong.filter((text) => !but.test(text))).toEqual([]);
    await page.context().close();
  };

  const heading = (page: Page, name: string | RegExp) =>
    page.getByRole('heading', { name, level: 1 }).waitFor();

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

  it('filters slots by state, fleet and text, in the address', () =>
    on('slots', async (page) => {
      await page.getByRole('combobox', { name: 'Fleet' }).selectOption('local.duel');
      await page.getByText('3 slots').waitFor();
      await page.getByRole('combobox', { name: 'State' }).selectOption('allocated');
      await page.getByText('1 slot', { exact: true }).waitFor();
      await page.getByRole('searchbox', { name: 'Text' }).fill('granted');
      await page.getByText('1 slot', { exact: true }).waitFor();
      expect(page.url()).toMatch(/#\/slots\?fleet=local.duel&state=allocated&q=granted$/);
      await page.reload();
      await page.getByText('1 slot', { exact: true }).waitFor();
    }));

  it(
    'tells each attempt of a request and why it was left, and finds part of an id',
    () =>
      on(
        '',
        async (page) => {
          await data.allocate('attempts', { refuse: true }, { fleet: 'siege' });
          await page.getByRole('searchbox').fill('attempts');
          await page.getByRole('searchbox').press('Enter');
          await heading(page, 'attempts');
          await page.getByRole('row', { name: /^1 local\.castle.* The game refused/ }).waitFor();
          await page.getByRole('row', { name: /^2 local\.castle.* The game refused/ }).waitFor();
          await page.getByRole('link', { name: 'none-available' }).waitFor();
          await keepPicture(page, 'allocations-attempts-1280-light');
          await page.getByRole('searchbox').fill('castle');
          await page.getByRole('searchbox').press('Enter');
          await page.getByRole('link', { name: 'Look for it in the list of slots' }).click();
          await page.getByText('2 slots').waitFor();
        },
        /404/,
      ),
    40_000,
  );

  it(
    'copies a request that runs as it is pasted: curl, nats, TypeScript',
    () =>
      on('allocations/again', async () => undefined, /404/).then(async () => {
        const payload = { said: `it's "quoted" $HOME \`true\`` };
        const { slot } = await data.allocate('again', payload, { fleet: 'duel' });
        const copied = await snippets('again');
        const bin = await commands();
        const env = {
          ...process.env,
          NATS_URL: berth.natsUrl,
          PATH: `${bin}${delimiter}${process.env['PATH']}`,
        };
        for (const name of ['curl', 'nats'] as const) {
          const { stdout } = await run('bash', ['-c', copied[name]], { env });
          expect(JSON.parse(stdout)).toMatchObject({ allocationId: 'again', slot });
        }
        const program = join(bin, 'ask.mjs');
        await writeFile(program, copied.TypeScript);
        expect((await run(process.execPath, [program])).stdout).toContain(slot);
      }),
    60_000,
  );

  it('groups refusals by cause, and leads to the request and to the size of its fleet', () =>
    on('refusals', async (page) => {
      await page.getByRole('combobox', { name: 'Cause' }).selectOption('nothing-fits');
      await page.getByRole('heading', { name: /^1 nothing-fits/ }).waitFor();
      await page.getByRole('combobox', { name: 'Cause' }).selectOption('none-available');
      await page.getByRole('link', { name: 'siege' }).click();
      await heading(page, 'local.siege');
      await page.getByRole('heading', { name: 'Size' }).waitFor();
      await page.goBack();
      await page.getByRole('combobox', { name: 'Cause' }).selectOption('nothing-fits');
      await page.getByRole('link', { name: 'refused', exact: true }).click();
      await heading(page, 'refused');
    }));

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

  /** What the buttons of an allocation's page copy. */
  async function snippets(id: string) {
    const { page } = await browser.open(`allocations/${id}`);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByText('Ask for it again').click();
    const copied = { curl: '', nats: '', TypeScript: '' };
    for (const name of ['curl', 'nats', 'TypeScript'] as const) {
      const part = page.getByRole('heading', { name });
      await part.getByRole('button').click();
      await part.getByText('Copied').waitFor();
      copied[name] = String(await page.evaluate('navigator.clipboard.readText()'));
    }
    await page.context().close();
    return copied;
  }

  /** A folder with a command `nats`, and with `@berth/client` for programs in it. */
  async function commands(): Promise<string> {
    const folder = join(berth.data, 'bin');
    const client = join(folder, 'node_modules/@berth/client');
    await mkdir(client, { recursive: true });
    const nats = resolve('dist/test/documents/src/nats-request.js');
    await writeFile(join(folder, 'nats'), `#!/bin/sh\nexec node ${nats} "$@"\n`);
    await chmod(join(folder, 'nats'), 0o755);
    const main = resolve('dist/libs/client/src/index.js');
    await writeFile(join(client, 'index.js'), `export * from '${main}';\n`);
    await writeFile(join(client, 'package.json'), '{"type":"module","exports":"./index.js"}');
    return folder;
  }
});
