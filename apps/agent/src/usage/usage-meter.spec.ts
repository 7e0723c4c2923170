import { MemoryBus } from '#memory';
import { ask, EndpointServer } from '#rpc';
import { createLogger, SystemClock } from '#service-runtime';
import { endpoints } from '#wire';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { UsageMeter } from './usage-meter.js';

const clock = new SystemClock();
const logger = createLogger('agent', 'silent');
const program = `
require('child_process').spawn('sleep', ['300']).once('spawn', () => process.stdout.write('up'));
process.stdin.once('data', () => {
  const until = Date.now() + 200;
  while (Date.now() < until);
  process.stdout.write('busy');
});`;

describe('The usage of a slot', () => {
  let bus: MemoryBus;
  let meter: UsageMeter;
  let game: ChildProcess;

  beforeEach(async () => {
    bus = new MemoryBus(clock);
    game = spawn(process.execPath, ['-e', program], {
      detached: true,
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    const family = { group: game.pid ?? 0, mark: 'run-1', since: 0, user: null };
    meter = new UsageMeter(
      { region: 'local', agent: 'pier', incarnation: 7 },
      {
        clock,
        logger,
        families: () => new Map([['1', family]]),
      },
    );
    meter.start();
    meter.serve(new EndpointServer(bus, { clock, logger }));
    if (game.stdout) await once(game.stdout, 'data');
    await meter.measure();
    game.stdin?.write('go');
    if (game.stdout) await once(game.stdout, 'data');
    await meter.measure();
  });

  afterEach(() => {
    meter.stop();
    process.kill(-(game.pid ?? 0), 'SIGKILL');
  });

  const used = (question: { readonly slot?: string }) =>
    ask(bus, endpoints.usage, { region: 'local', agent: 'pier' }, question);

  it('is the sum over all of its processes', async () => {
    const answer = await used({});
    const usage = answer.status === 'measured' ? answer.slots['1'] : undefined;
    expect(usage).toMatchObject({ processes: 2 });
    expect(usage?.memoryBytes).toBeGreaterThan(10_000_000);
    expect(usage?.threads).toBeGreaterThan(2);
    expect(usage?.openFiles).toBeGreaterThan(3);
    expect(usage?.cpus).toBeGreaterThan(0);
  });

  it('is given for one named slot, and refused for an unknown one', async () => {
    expect(await used({ slot: '2' })).toEqual({ status: 'measured', slots: {} });
    expect(await used({ slot: 'a.b' })).toMatchObject({ status: 'refused', code: 'invalid' });
  });
});
