import { SystemClock } from '#service-runtime';
import { statusOf } from '#slot';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync, rmdirSync } from 'node:fs';
import { TestMachine } from '../test/support/agent.js';
import { aConfiguration } from '../test/support/builds.js';
import { limitsLack, OWN_GROUP } from '../test/support/control-groups.js';
import { isLive } from '../test/support/region.js';
import { GameCgroups } from './process/game-cgroup.js';
import { GameRunner } from './process/game-runner.js';

const clock = new SystemClock();
const lacks = limitsLack();
const where = lacks === null ? describe : describe.skip;

/** A game that takes memory when told to, or starts many processes. */
const HOG = `#!/usr/bin/env node
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
const taken = [];
createServer((request, response) => {
  const [, verb] = request.url.split('/');
  if (verb === 'eat') setInterval(() => taken.push(Buffer.alloc(1024 * 1024, 1)), 1);
  if (verb === 'fork') for (let count = 0; count < 60; count += 1) spawn('sleep', ['60']).on('error', () => {});
  if (verb === 'exit') return response.end(() => process.exit(0));
  response.end('{}');
}).listen(Number(process.env.BERTH_CALLBACK_PORT), '127.0.0.1');
`;

where(`A game with limits${lacks === null ? '' : ` (not tried: ${lacks})`}`, () => {
  let machine: TestMachine;
  let runner: GameRunner;

  beforeEach(async () => {
    machine = await TestMachine.open(HOG);
    const cgroups = await GameCgroups.open(OWN_GROUP, (ms) => clock.sleep(ms));
    runner = new GameRunner(machine.data, clock, undefined, { cgroups });
  });
  afterEach(async () => {
    await machine.close();
    for (const slot of ['1', '2']) await remove(`${OWN_GROUP}/slot-${slot}`);
    await remove(OWN_GROUP);
  });

  /** A group can be removed once the last process has left it. */
  async function remove(folder: string): Promise<void> {
    for (let tries = 0; existsSync(folder) && tries < 100; tries += 1) {
      try {
        rmdirSync(folder);
      } catch {
        await clock.sleep(20);
      }
    }
  }

  async function play(limits: object): Promise<void> {
    const run = { buildConfiguration: 'duel', version: 1 };
    machine.catalogue.learn(run, aConfiguration({ executable: machine.game, ...limits }));
    await machine.start({ keepWarm: false }, { processes: runner });
    await machine.region.until((state) => statusOf(state) === 'available');
    await machine.claim('match-1', { run, limits: { restartsMax: 0 } });
    await machine.region.until(isLive);
  }

  it('is killed alone if it takes too much memory, and its history says so', async () => {
    const home = machine.data;
    const other = await runner.start('2', {
      ...{ id: 'other', token: 'secret', startedAt: clock.now(), buildConfiguration: 'duel' },
      ...{ version: 1, command: ['/bin/sleep', '60'], workingDirectory: home },
      environment: { PATH: '/bin:/usr/bin' },
    });
    await play({ memoryMiBMax: 100 });
    await machine.tell('/eat');
    const { context } = await machine.region.until(({ context }) => context.lastEnd !== null);
    expect(context.lastEnd?.by).toBe('Crashed');
    expect(context.lastEnd?.reason).toContain('was killed: out of its memory limit (100 MiB)');
    await machine.region.until((state) => statusOf(state) === 'available');
    const cleared = machine.region.last('SlotCleared');
    expect(cleared).toHaveProperty('remark', expect.stringMatching(/used (99|100) MiB of memory/));
    expect(other.exit).toBeNull();
    await other.stop(0);
  }, 120_000);

  it('cannot start more processes than it may, and ends as it likes', async () => {
    await play({ tasksMax: 30, cpusMax: 0.5, memoryMiBMax: 500 });
    const files = ['memory.max', 'cpu.max', 'pids.max'];
    const set = files.map((name) => readFileSync(`${OWN_GROUP}/slot-1/${name}`, 'utf8').trim());
    expect(set).toEqual([String(500 * 1024 * 1024), '50000 100000', '30']);
    await machine.tell('/fork');
    expect(Number(readFileSync(`${OWN_GROUP}/slot-1/pids.current`, 'utf8'))).toBeLessThanOrEqual(
      30,
    );
    await machine.tell('/exit');
    await machine.region.until((state) => statusOf(state) === 'available');
    const exited = machine.region.last('ExitedZero');
    expect(exited?.cleared).toHaveProperty(
      'remark',
      expect.stringContaining('out of its limit of tasks'),
    );
  }, 120_000);

  it('has a keeper that does nothing until it is in the group', async () => {
    await play({ memoryMiBMax: 500 });
    const pid = machine.slot?.logged.context.process?.pid ?? 0;
    expect(readFileSync(`/proc/${pid}/cgroup`, 'utf8')).toContain('/slot-1');
  }, 120_000);
});
