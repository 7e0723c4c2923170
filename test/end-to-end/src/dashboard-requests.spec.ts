import { beforeAll, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { keepPicture } from './dashboard-browser.js';
import { berth, browser, data, describeFleets, heading, on } from './dashboard-fleets.js';

const run = promisify(execFile);

/** Each cell of "shows" and "does" that is of requests, and of the slots that they are given. */
describeFleets('The dashboard, asked about requests,', () => {
  beforeAll(async () => {
    await data.allocate('refused', {}, { attributes: { mode: 'none has it' } });
    await data.allocate('granted', {}, { fleet: 'duel' });
  });

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
