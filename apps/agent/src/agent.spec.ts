import { birthOf } from '#folder-lock';
import { SystemClock, version } from '#service-runtime';
import { statusOf } from '#slot';
import { beat, decodeJson } from '#wire';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AgentDeps } from './agent.js';
import { HostPorts } from './machine/ports.js';
import type { GameSettings } from './slot/game-settings.js';
import { TestMachine } from '../test/support/agent.js';
import { TEST_GAME } from '../test/support/game.js';
import { isLive, isWarm, pidOf, type TestRegion } from '../test/support/region.js';

const clock = new SystemClock();

describe('an agent', () => {
  let machine: TestMachine;
  let region: TestRegion;

  beforeEach(async () => {
    machine = await TestMachine.open(TEST_GAME);
    region = machine.region;
  });
  afterEach(() => machine.close());

  function start(
    changes: Partial<GameSettings> = {},
    onStop: 'keep' | 'end' = 'keep',
    more: Partial<AgentDeps> = {},
  ) {
    return machine.start({ runsAny: false, ...changes }, more, onStop);
  }

  const tell = (path: string) => machine.tell(path);

  it('registers its slot and keeps a process ready', async () => {
    await start();
    const state = await region.until(isWarm);
    expect(region.events).toEqual(['SlotRegistered', 'ProcessStarted']);
    expect(await birthOf(pidOf(state))).not.toBeNull();
    expect(await machine.allocated()).toBe('');
  });

  it('makes the callback and reports the answer of the game', async () => {
    await start();
    const pid = pidOf(await region.until(isWarm));
    await region.claim('match-1');
    const { context } = await region.until(isLive);
    expect(context.allocation?.answer.value()).toEqual({ pid, calls: 1 });
    expect(context.allocation?.token).toMatch(/^[0-9a-f-]{36}$/);
    expect(await machine.allocated()).toBe('match-1');
  });

  it('frees the slot within two seconds of the end of a session, with a fresh process', async () => {
    await start();
    await region.until(isWarm);
    await region.claim('match-1');
    const pid = pidOf(await region.until(isLive));
    const since = clock.now();
    await tell('/exit/0');
    const state = await region.until(isWarm);
    expect(clock.now() - since).toBeLessThan(2_000);
    expect(region.events.slice(-2)).toEqual(['CallbackAcked', 'ExitedZero']);
    expect(pidOf(state)).not.toBe(pid);
    expect(await machine.allocated()).toBe('');
  });

  it('starts the game for a claim if it keeps no process ready', async () => {
    await start({ keepWarm: false });
    await region.until((state) => statusOf(state) === 'available');
    await region.claim('match-1');
    const { context } = await region.until(isLive);
    expect(context.process).not.toBeNull();
    await region.deallocate('match-1');
    const state = await region.until((now) => statusOf(now) === 'available');
    expect(state.value).toEqual({ available: 'cold' });
  });

  it('restarts a crashed game under the same allocation and token', async () => {
    await start();
    await region.until(isWarm);
    await region.claim('match-1');
    const before = await region.until(isLive);
    await tell('/signal/SIGSEGV');
    const after = await region.until(
      ({ context }) => context.process !== null && pidOf({ ...before, context }) !== pidOf(before),
    );
    expect(region.events.slice(-2)).toEqual(['Crashed', 'ProcessStarted']);
    expect(after.context.allocation).toMatchObject({ id: 'match-1', crashes: 1 });
    await tell('/exit/0');
    await region.until(isWarm);
    expect(region.events.filter((type) => type === 'Crashed')).toHaveLength(1);
  });

  it('reports that a game refused, and gives the slot a fresh process', async () => {
    await start();
    const pid = pidOf(await region.until(isWarm));
    await region.claim('match-1', { refuse: true });
    await region.until(({ context }) => context.lastEnd !== null);
    const state = await region.until(isWarm);
    expect(region.events.slice(-2)).toEqual(['CallbackRefused', 'SlotCleared']);
    expect(state.context.lastEnd?.reason).toBe('the game answered 409: not today');
    expect(pidOf(state)).not.toBe(pid);
  });

  it('reports that a game died during its callback', async () => {
    await start();
    await region.until(isWarm);
    await region.claim('match-1', { die: 9 });
    await region.until((state) => state.context.lastEnd !== null);
    await region.until(isWarm);
    expect(region.events).toContain('CallbackRefused');
  });

  it('undoes a session that was ended before the game answered', async () => {
    await start();
    await region.until(isWarm);
    await region.claim('match-1', { hang: true });
    await region.deallocate('match-1');
    await region.until(isWarm);
    expect(region.events.slice(-2)).toEqual(['DeallocationRequested', 'SlotCleared']);
    expect(await machine.allocated()).toBe('');
    await region.claim('match-2');
    const { context } = await region.until(isLive);
    expect(context.allocation?.answer.value()).toMatchObject({ calls: 1 });
  });

  it('reports to any allocator if the one that made the claim is gone', async () => {
    await start();
    await region.until(isWarm);
    await region.claim('match-1', {}, 'gone');
    await region.until(isLive);
    expect(region.events.at(-1)).toBe('CallbackAcked');
  });

  it('stops its game for maintenance, and starts one afterwards', async () => {
    await start();
    const pid = pidOf(await region.until(isWarm));
    const direct = { at: clock.now(), reason: 'spec', by: 'spec' };
    await region.command({ type: 'BeginMaintenance', ...direct });
    await region.until(({ context }) => context.process === null);
    expect(await birthOf(pid)).toBeNull();
    await region.command({ type: 'EndMaintenance', ...direct });
    await region.until(isWarm);
  });

  it('forgets a retired slot for ever', async () => {
    await start();
    await region.until(isWarm);
    const run = await machine.findRun();
    const ended = new Promise<void>((resolve) => run?.onEnd(resolve));
    const direct = { at: clock.now(), reason: 'spec', by: 'spec' };
    await region.command({ type: 'Retire', ...direct });
    await ended;
    await machine.stop();
    await start();
    expect(region.events.at(-1)).toBe('SlotRetired');
  });

  it('offers its extra ports and addresses, and passes them to its game', async () => {
    const addresses = { ipv6: '2001:db8::77', internal: '10.0.0.7' };
    const range = { first: machine.first, last: machine.first + 50 };
    const ports = new HostPorts(range, [
      { name: 'rcon', count: 1 },
      { name: 'voice', count: 3 },
    ]);
    await start({ addresses }, 'keep', { ports });
    const { offer } = (await region.until(isWarm)).context;
    const { rcon = 0, voice = 0 } = offer?.ports ?? {};
    expect(offer).toMatchObject({ addresses, ports: { rcon, voice, voice_last: voice + 2 } });
    const told = JSON.parse(await machine.read('server.json')) as object;
    expect(told).toMatchObject({ port_rcon: String(rcon), ip_internal: '10.0.0.7' });
    await machine.stop();
    await start({ addresses }, 'keep', { ports });
    expect((await region.until(isWarm)).context.offer).toEqual(offer);
  });

  it('passes the numbers in the log to its game', async () => {
    region.numbers = { server: 77, machine: 12 };
    await start();
    await region.until(isWarm);
    const told = JSON.parse(await machine.read('server.json')) as object;
    expect(told).toMatchObject({ serverID: '77', machineID: '12' });
  });

  it('moves the slot to another port if another process listens on its port', async () => {
    await start({ keepWarm: false });
    const before = await region.until((state) => statusOf(state) === 'available');
    await machine.stop();
    const intruder = createServer().listen(before.context.offer?.ports['game'], '127.0.0.1');
    await once(intruder, 'listening');
    await start();
    const after = await region.until(isWarm);
    expect(after.context.offer?.ports['game']).not.toBe(before.context.offer?.ports['game']);
    intruder.close();
  });

  it('sends heartbeats from its start to its end, which the last one tells', async () => {
    const beats: unknown[] = [];
    let heard: () => void = () => undefined;
    const twice = new Promise<void>((resolve) => (heard = resolve));
    machine.bus.subscribe('beat.local.pier', ({ body }) => {
      if (beats.push(decodeJson(beat, body)) === 2) heard();
    });
    const disk = { freeBytes: 1, totalBytes: 2 };
    await start({}, 'keep', { disk: () => disk });
    await twice;
    await machine.stop();
    const one = { incarnation: machine.incarnation, version, disk };
    const notReadyBecause = expect.stringContaining('the log');
    expect(beats).toEqual([{ ...one, notReadyBecause }, one, { ...one, stops: true }]);
  });

  it('ends its games when it stops, if it is set to, and reports so', async () => {
    await start({}, 'end');
    const pid = pidOf(await region.until(isWarm));
    await machine.stop();
    expect(region.events.at(-1)).toBe('ProcessStopped');
    expect(await birthOf(pid)).toBeNull();
  });
});
