import { lockFolder } from '#slot-owner';
import { findNatsServer, startNatsServer, type NatsServer } from '#nats-server';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectNats, ensureStream, slotStreamConfig } from '#jetstream';
import { checkAgent } from './check.js';

describe('berth agent check', () => {
  let nats: NatsServer;
  let folder: string;
  let env: NodeJS.ProcessEnv;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'berth-check-'));
    nats = await startNatsServer({
      binary: await findNatsServer(process.env),
      dataDirectory: join(folder, 'nats'),
      logFile: join(folder, 'nats.log'),
    });
    const connection = await connectNats({ servers: nats.url, name: 'spec' });
    await ensureStream(connection, slotStreamConfig('eu'));
    await connection.close();
  });

  afterAll(async () => {
    await nats.stop();
    await rm(folder, { recursive: true, force: true });
  });

  beforeEach(() => {
    env = {
      NATS_URL: nats.url,
      PATH: process.env['PATH'],
      BERTH_REGION: 'eu',
      BERTH_DATA: join(folder, 'agent'),
      BERTH_COMMAND: JSON.stringify([process.execPath, 'game.js', '{port}']),
      BERTH_ADDRESS: '203.0.113.7',
    };
  });

  async function check(changes: NodeJS.ProcessEnv = {}) {
    const said: string[] = [];
    const isFine = await checkAgent({ ...env, ...changes }, (line) => said.push(line));
    return { isFine, said: said.join('\n') };
  }

  it('finds nothing wrong where nothing is', async () => {
    const { isFine, said } = await check();
    expect(said).toMatch(/^ok +nats: nats-server 2\./m);
    expect(said).toMatch(/^ok +log: region eu has its log/m);
    expect(said).toMatch(/^ok +clock: /m);
    expect(said).not.toMatch(/^WRONG/m);
    expect(isFine).toBe(true);
  });

  it.each<[string, NodeJS.ProcessEnv, RegExp]>([
    ['no nats-server', { NATS_URL: 'nats://127.0.0.1:1' }, /^WRONG +nats: .* cannot be reached/m],
    ['an address of nobody', { BERTH_ADDRESS: '0.0.0.0' }, /^WRONG +address: nobody can connect/m],
    ['no game', { BERTH_COMMAND: '["/no/such/game"]' }, /^WRONG +executable: there is no/m],
    ['no game on the PATH', { BERTH_COMMAND: '["nosuchgame"]' }, /no nosuchgame on the PATH/m],
    ['a folder as a game', { BERTH_COMMAND: '["/tmp"]' }, /^WRONG +executable: there is no/m],
    [
      'no place for its data',
      { BERTH_DATA: '/dev/null/berth' },
      /^WRONG +data folder: cannot be wri/m,
    ],
    ['settings that are wrong', { BERTH_SLOTS: 'four' }, /--slots \(BERTH_SLOTS\): /],
  ])('finds %s', async (_, changes, line) => {
    const { isFine, said } = await check(changes);
    expect(said).toMatch(line);
    expect(isFine).toBe(false);
  });

  it.each<[string, NodeJS.ProcessEnv, RegExp]>([
    ['a region without a log', { BERTH_REGION: 'us' }, /^warning +log: region us has no log/m],
    ['an address of this machine', { BERTH_ADDRESS: '127.0.0.1' }, /^warning +address: /m],
    ['a setting that is none', { BERTH_SLOT: '4' }, /BERTH_SLOT \(did you mean BERTH_SLOTS\?\)/],
  ])('points at %s', async (_, changes, line) => {
    const { isFine, said } = await check(changes);
    expect(said).toMatch(line);
    expect(isFine).toBe(true);
  });

  it('finds ports that are taken', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const range = `${Math.min(port, 65_533)}-${Math.min(port, 65_533) + 2}`;
    const { isFine, said } = await check({ BERTH_PORTS: range });
    expect(said).toMatch(/^WRONG +ports: no port from/m);
    expect(isFine).toBe(false);
    server.close();
  });

  it('finds another agent on the folder, and a folder of another region', async () => {
    const unlock = await lockFolder(env['BERTH_DATA'] ?? '');
    expect((await check()).said).toMatch(/^WRONG +data folder: .* belongs to the running agent/m);
    unlock();
    await writeFile(join(env['BERTH_DATA'] ?? '', 'agent.json'), '{"region":"us"}');
    expect((await check()).said).toMatch(
      /^WRONG +data folder: .* belongs to an agent of region us/m,
    );
  });
});
