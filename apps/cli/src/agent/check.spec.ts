import { freePort } from '#testing';
import { lockFolder } from '#slot-owner';
import { findNatsServer, startNatsServer, type NatsServer } from '#nats-server';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { connectNats, ensureStream, slotStreamConfig } from '#jetstream';
import { SystemClock } from '#service-runtime';
import { DiskSlotFolder } from '../../../agent/src/machine/slot-folder.js';
import { readAgentConfig } from '../../../agent/src/config.js';
import { GameRunner } from '../../../agent/src/process/game-runner.js';
import { program } from '../program.js';
import { checkAgent } from './check.js';
import { gameUsers } from './checks/isolation.js';

/** A control group that cannot be made: where there is cgroup v2, this is a file. */
const NO_GROUP = '/sys/fs/cgroup/cgroup.procs/berth';

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
      BERTH_COMMAND: JSON.stringify([process.execPath, 'game.js', '{callback_port}']),
      BERTH_ADDRESS: '203.0.113.7',
    };
  });

  async function check(changes: NodeJS.ProcessEnv = {}) {
    const said: string[] = [];
    const isFine = await checkAgent({ ...env, ...changes }, (line) => said.push(line));
    return { isFine, said: said.join('\n') };
  }

  it('finds nothing wrong with correct settings', async () => {
    const { isFine, said } = await check();
    expect(said).toMatch(/^ok +nats: nats-server 2\./m);
    expect(said).toMatch(/^ok +log: region eu has its log/m);
    expect(said).toMatch(/^ok +clock: /m);
    expect(said).toMatch(/^ok +callback: each game is told .* within 5000 ms$/m);
    const uncalled = await check({ BERTH_CALLBACK: 'none', BERTH_COMMAND: '["node"]' });
    expect(uncalled.said).toMatch(/^ok +callback: none/m);
    expect(said).not.toMatch(/^WRONG/m);
    expect(isFine).toBe(true);
  });

  it.each<[string, NodeJS.ProcessEnv, RegExp]>([
    ['no nats-server', { NATS_URL: 'nats://127.0.0.1:1' }, /^WRONG +nats: .* cannot be reached/m],
    [
      'an address that is not reachable',
      { BERTH_ADDRESS: '169.254.1.1' },
      /^WRONG +address: nobody can connect/m,
    ],
    [
      'a wildcard address',
      { BERTH_ADDRESS: '[::]' },
      /--address \(BERTH_ADDRESS\): must be a host/,
    ],
    ['a missing game', { BERTH_COMMAND: '["/no/such/game"]' }, /^WRONG +executable: there is no/m],
    [
      'a game that is not on the PATH',
      { BERTH_COMMAND: '["nosuchgame"]' },
      /no nosuchgame on the PATH/m,
    ],
    ['a folder as the game', { BERTH_COMMAND: '["/tmp"]' }, /^WRONG +executable: there is no/m],
    [
      'a data folder that cannot be written',
      { BERTH_DATA: '/dev/null/berth' },
      /^WRONG +data folder: cannot be wri/m,
    ],
    [
      'limits that cannot be kept',
      { BERTH_CGROUP: NO_GROUP, BERTH_MEMORY_MIB_MAX: '64' },
      /^WRONG +game limits: games cannot be limited: .*\n +-> boot with cgroup v2/m,
    ],
    ['limits without a group', { BERTH_TASKS_MAX: '9' }, /^WRONG +game limits: no --cgroup/m],
    ['invalid settings', { BERTH_SLOTS: 'four' }, /--slots \(BERTH_SLOTS\): /],
  ])('finds %s', async (_, changes, line) => {
    const { isFine, said } = await check(changes);
    expect(said).toMatch(line);
    expect(isFine).toBe(false);
  });

  it.each<[string, NodeJS.ProcessEnv, RegExp]>([
    ['a region without a log', { BERTH_REGION: 'us' }, /^warning +log: region us has no log/m],
    [
      'limits that no game would be kept to',
      { BERTH_CGROUP: NO_GROUP, BERTH_UNENFORCED_LIMITS: 'ignore' },
      /^warning +game limits: .*\n.* games run without limits/m,
    ],
    ['a loopback address', { BERTH_ADDRESS: '127.0.0.1' }, /^warning +address: /m],
    [
      'a game that does not get the port of its callback',
      { BERTH_COMMAND: JSON.stringify([process.execPath, 'game.js']) },
      /^warning +callback: .* POST \/allocate .* nothing listens there.*\n +-> hand \{callback_port\}/m,
    ],
    ['an unknown setting', { BERTH_SLOT: '4' }, /BERTH_SLOT \(did you mean BERTH_SLOTS\?\)/],
  ])('warns about %s', async (_, changes, line) => {
    const { isFine, said } = await check(changes);
    expect(said).toMatch(line);
    expect(isFine).toBe(true);
  });

  it('finds users that games cannot be given', async () => {
    const config = { ...readAgentConfig(env), BERTH_GAME_USERS: { first: 200_000, last: 265_535 } };
    expect(gameUsers(config, 1_000)).toMatchObject({ verdict: 'wrong' });
    expect(gameUsers(config, 0)).toMatchObject({
      says: expect.stringContaining(`${folder} lets no`),
    });
    await chmod(folder, 0o755);
    expect(gameUsers(config, 0)).toMatchObject({ verdict: 'fine' });
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

  it.each([
    [
      'that listens',
      "createServer().listen(process.env.BERTH_CALLBACK_PORT, () => console.log('up'))",
      /^ok +callback: slot 1: its game, process \d+, listens on port \d+/m,
    ],
    [
      'that does not',
      "setInterval(() => console.log('up'), 50)",
      /^warning +callback: slot 1: .* does not listen on port \d+/m,
    ],
  ])('reports on a running game %s', async (_, game, line) => {
    const port = await freePort();
    const data = join(folder, `running-${port}`);
    const place = await DiskSlotFolder.open(data, '1');
    await place.writeKept({ ports: { game: port, query: port, callback: port }, retired: false });
    const program = `import { createServer } from 'node:net'; ${game}`;
    const run = await new GameRunner(data, new SystemClock()).start('1', {
      ...{ id: 'run', token: 'secret', startedAt: 1, buildConfiguration: 'default', version: 0 },
      command: [process.execPath, '--input-type=module', '-e', program],
      environment: { BERTH_CALLBACK_PORT: String(port) },
      workingDirectory: place.home,
    });
    try {
      while (!(await readFile(join(place.logs, 'game.log'), 'utf8')).includes('up'))
        await sleep(20);
      expect((await check({ BERTH_DATA: data })).said).toMatch(line);
    } finally {
      await run.stop(0);
    }
    expect((await check({ BERTH_DATA: data })).said).not.toContain('slot 1');
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

  describe('on the command line', () => {
    afterEach(() => void (process.exitCode = undefined));

    async function typed(...words: readonly string[]) {
      const said: string[] = [];
      const all = program((line) => said.push(line));
      await all.parseAsync(['agent', ...words], { from: 'user' });
      return said.join('\n');
    }

    const game = ['--', process.execPath, 'game.js', '{callback_port}'];
    const place = () => ['--nats', nats.url, '--data', join(folder, 'typed')];

    it('uses every flag, before and after its name', async () => {
      const said = await typed('check', ...place(), '--region', 'eu', '--slots', '3', ...game);
      expect(said).toMatch(/^ok +log: region eu has its log/m);
      expect(said).toContain(join(folder, 'typed'));
      expect(process.exitCode).toBeUndefined();
      expect(await typed('--slots', 'four', 'check', ...place(), ...game)).toMatch(/--slots .*: /);
      expect(process.exitCode).toBe(1);
    });

    it('uses its file, and flags before it', async () => {
      const config = join(folder, 'agent.yaml');
      const command = JSON.stringify([process.execPath, '{callback_port}']);
      await writeFile(config, `nats: nats://127.0.0.1:1\nregion: us\ncommand: ${command}\n`);
      const said = await typed('check', '--config', config, ...place());
      expect(said).toMatch(/^warning +log: region us has no log/m);
      await writeFile(config, 'slot: 4\n');
      await expect(typed('check', '--config', config)).rejects.toThrow('did you mean slots?');
    });

    it('prints its report when it runs as a process of its own', async () => {
      const main = fileURLToPath(new URL('../../../../dist/apps/cli/src/main.js', import.meta.url));
      const words = [main, 'agent', 'check', ...place(), '--region', 'us', '--callback', 'none'];
      const { stdout } = await promisify(execFile)(process.execPath, [...words, ...game]);
      expect(stdout).toMatch(/^warning +log: region us has no log/m);
      expect(stdout).toMatch(/^ok +callback: none/m);
    });
  });
});
