import { MemoryBus } from '#memory';
import { createLogger, SystemClock } from '#service-runtime';
import { endpoints, decodeJson, encodeJson, usageAnswer } from '#wire';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { UsageDesk } from './usage-desk.js';

const clock = new SystemClock();
const program = `
require('child_process').spawn('sleep', ['300']).once('spawn', () => process.stdout.write('up'));
process.stdin.once('data', () => {
  const until = Date.now() + 200;
  while (Date.now() < until);
  process.stdout.write('busy');
});`;

describe('The usage of a slot', () => {
  let bus: MemoryBus;
  let desk: UsageDesk;
  let game: ChildProcess;

  beforeEach(async () => {
    bus = new MemoryBus(clock);
    game = spawn(process.execPath, ['-e', program], {
      detached: true,
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    const family = { group: game.pid ?? 0, mark: 'run-1', since: 0 };
    desk = new UsageDesk(
      { region: 'local', agent: 'pier', incarnation: 7 },
      {
        bus,
        clock,
        logger: createLogger('agent', 'silent'),
        families: () => new Map([['1', family]]),
      },
    );
    desk.start();
    if (game.stdout) await once(game.stdout, 'data');
    await desk.measure();
    game.stdin?.write('go');
    if (game.stdout) await once(game.stdout, 'data');
    await desk.measure();
  });

  afterEach(() => {
    desk.stop();
    process.kill(-(game.pid ?? 0), 'SIGKILL');
  });

  const ask = async (question: object) =>
    decodeJson(
      usageAnswer,
      await bus.request(
        endpoints.usage.subject.of({ region: 'local', agent: 'pier' }),
        encodeJson(question),
        1_000,
      ),
    );

  it('is what all of its processes use together', async () => {
    const answer = await ask({});
    const used = answer.status === 'measured' ? answer.slots['1'] : undefined;
    expect(used).toMatchObject({ processes: 2 });
    expect(used?.memoryBytes).toBeGreaterThan(10_000_000);
    expect(used?.threads).toBeGreaterThan(2);
    expect(used?.openFiles).toBeGreaterThan(3);
    expect(used?.cpus).toBeGreaterThan(0);
  });

  it('is told for one slot where one is named, and refused for what is none', async () => {
    expect(await ask({ slot: '2' })).toEqual({ status: 'measured', slots: {} });
    expect(await ask({ slot: 'a.b' })).toMatchObject({ status: 'refused' });
  });
});
