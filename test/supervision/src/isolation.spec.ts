import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { chmodSync, mkdirSync, readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { limitsLack, OWN_GROUP } from '../../../apps/agent/test/support/control-groups.js';
import { Machine } from './machine.js';
import { Operator } from './operator.js';
import { SPYING_GAME, type Found, type Orders } from './spying-game.js';

const isRoot = process.geteuid?.() === 0;
const asRoot = isRoot ? describe : describe.skip;

const lacks = limitsLack();
const limited = lacks === null ? it : it.skip;
const HOG_MIB_MAX = 100;

const NAMES = ['prey', 'spy', 'hog'] as const;

asRoot(`Two games on one machine${isRoot ? '' : ' (not tried: needs root)'}`, () => {
  const machine = new Machine(2, {
    ...{ BERTH_GAME_USERS: '210000-213999', BERTH_SDK_PORT: '0' },
    ...(lacks === null && { BERTH_CGROUP: OWN_GROUP }),
  });
  let prey: Found;

  beforeAll(async () => {
    chmodSync(machine.folder, 0o711);
    await machine.start();
    const operator = await Operator.at(machine);
    for (const name of NAMES) await pushed(operator, name);
    prey = await played('prey', { secret: 'of the prey', paths: PREYS_OWN, urls: PREYS_URLS });
  }, 300_000);
  afterAll(() => machine.close(), 60_000);

  async function pushed(operator: Operator, name: string): Promise<void> {
    const source = join(machine.folder, 'source', name);
    mkdirSync(source, { recursive: true });
    const program = `#!${process.execPath}\n${SPYING_GAME}`;
    await writeFile(join(source, 'game.mjs'), program, { mode: 0o700 });
    await writeFile(join(source, 'map'), `the map of ${name}`, { mode: 0o600 });
    await operator.berth('builds', 'push', `local.${name}`, source);
    const file = join(machine.folder, `${name}.json`);
    const payloadFile = { path: 'config/session.json', mode: '0600' };
    const configuration = { build: { name }, executable: 'game.mjs', payloadFile };
    const variables = { SECRET: `the variable of ${name}` };
    const rest = { variables, callback: { kind: 'http' }, restartsMax: 0 };
    const limits = lacks === null && { memoryMiBMax: HOG_MIB_MAX };
    await writeFile(file, JSON.stringify({ ...configuration, ...rest, ...limits }));
    await operator.berth('build-configurations', 'set', `local.${name}`, '--file', file);
  }

  async function played(name: string, payload: Orders): Promise<Found> {
    const request = { region: 'local', allocationId: name, buildConfiguration: name, payload };
    const { payload: answer } = await machine.client.allocate({ ...request, waitMs: 60_000 });
    return answer as Found;
  }

  const PREYS_OWN = ['~/server.json', '~/config/session.json', '/proc/self/environ'];

  const PREYS_URLS = ['SDK/v1/servers/SERVER', 'SDK/payload/prey'];

  const slotOf = (name: string) => machine.slotOf(name)?.state.context;
  const pidOf = (name: string) => slotOf(name)?.process?.pid ?? 0;

  it('run as users of their own, and read what is theirs', () => {
    expect(prey['map']).toBe('the map of prey');
    expect(prey['~/server.json']).toContain('"allocatedUUID":"prey"');
    expect(prey['~/config/session.json']).toContain('of the prey');
    expect(prey['~/config/session.json']).toContain(slotOf('prey')?.allocation?.token);
    expect(prey['/proc/self/environ']).toContain('SECRET=the variable of prey');
    expect(prey['SDK/v1/servers/SERVER']).toMatch(/^200 .*"allocationId":"prey"/);
    expect(prey['SDK/payload/prey']).toContain('of the prey');
    expect(Number(prey['uid'])).toBeGreaterThanOrEqual(210_000);
  });

  it("read nothing of each other's, nor of the agent's", async () => {
    const { home = '' } = prey;
    const own = (path: string) => join(home, '..', path);
    const trees = join(machine.data, 'shared-builds', 'trees');
    const builds = readdirSync(trees).map((name) => join(trees, name));
    const process = `/proc/${pidOf('prey')}`;
    const paths = [
      ...[home, own(''), own('run'), own('logs'), machine.data, trees],
      ...[join(home, 'server.json'), join(home, 'config/session.json')],
      ...[own('session.json'), own('slot.json'), own('run/started'), own('run/keeper/pid')],
      ...[own('logs/game.log'), join(machine.data, 'catalogue.json')],
      ...[join(machine.data, 'shared-builds', 'files'), join(machine.data, 'agent.json')],
      ...[`${process}/environ`, `${process}/fd`, `${process}/cwd`, `${process}/mem`],
    ];
    const maps = builds.map((tree) => join(tree, 'map'));
    const { sdk = '', server = '' } = prey;
    const asked = [`${sdk}/v1/servers/${server}`, `${sdk}/payload/prey`] as const;
    const orders = {
      paths: [...paths, ...maps],
      pids: [pidOf('prey'), machine.agentPid],
      urls: asked,
    };
    const spy = await played('spy', orders);
    expect(spy['uid']).not.toBe(prey['uid']);
    const open = paths.filter((path) => spy[path] !== 'EACCES');
    expect(open.map((path) => `${path}: ${spy[path]}`)).toEqual([]);
    expect(spy['map']).toBe('the map of spy');
    expect(maps.map((map) => spy[map])).toContain('EACCES');
    expect(maps.map((map) => spy[map])).not.toContain('the map of prey');
    expect(spy[asked[0]]).toMatch(/^404 /);
    expect(spy[asked[1]]).toMatch(/^404 /);
    expect(spy[`pid ${pidOf('prey')}`]).toBe('EPERM');
    expect(spy[`pid ${machine.agentPid}`]).toBe('EPERM');
  }, 120_000);

  limited(
    `are killed alone where they take all memory, and the history says so${lacks === null ? '' : ` (not tried: ${lacks})`}`,
    async () => {
      const pid = pidOf('prey');
      await machine.client.deallocate({ region: 'local', allocationId: 'spy' });
      await played('hog', { mebibytes: 4 * HOG_MIB_MAX });
      await machine.until(() => slotOf('hog')?.lastEnd?.allocationId === 'hog');
      const [by, reason] = [slotOf('hog')?.lastEnd?.by, slotOf('hog')?.lastEnd?.reason];
      expect(`${by}: ${reason}`).toMatch(/^Crashed: .*was killed: out of its memory limit/);
      await machine.until(() => machine.slotOf('hog')?.state.value !== 'deallocated');
      const told = machine.slotOf('hog')?.events.findLast(({ type }) => type === 'SlotCleared');
      expect(told).toHaveProperty('remark', expect.stringMatching(/used \d+ MiB of memory/));
      expect(slotOf('prey')?.allocation?.id).toBe('prey');
      expect(pidOf('prey')).toBe(pid);
      process.kill(pid, 0);
    },
    300_000,
  );

  it('end with all that runs as their user, and can be found again by a new agent', async () => {
    await machine.killAgent();
    machine.startAgent();
    const pid = pidOf('prey');
    await machine.client.deallocate({ region: 'local', allocationId: 'prey' });
    await machine.until(() => slotOf('prey')?.lastEnd?.allocationId === 'prey' && pid !== 0);
    await machine.until(() => machine.slotOf('prey')?.state.value !== 'deallocated');
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  }, 60_000);
});
