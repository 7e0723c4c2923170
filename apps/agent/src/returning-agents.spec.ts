import { birthOf } from '#folder-lock';
import { SystemClock } from '#service-runtime';
import type { SlotState } from '#slot';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { TestMachine } from '../test/support/agent.js';
import { TEST_GAME } from '../test/support/game.js';
import { isLive, isWarm, pidOf, type TestRegion } from '../test/support/region.js';

const clock = new SystemClock();

let machine: TestMachine;
let region: TestRegion;

beforeEach(async () => {
  machine = await TestMachine.open(TEST_GAME);
  region = machine.region;
});
afterEach(() => machine.close());

const start = () => machine.start({ runsAny: false });

describe('An agent that restarts', () => {
  it('adopts its running game and registers again', async () => {
    await start();
    const before = await region.until(isWarm);
    await machine.stop();
    await start();
    const after = await region.until(({ context }) => context.incarnation === machine.incarnation);
    expect(pidOf(after)).toBe(pidOf(before));
    expect(region.events).toEqual(['SlotRegistered', 'ProcessStarted', 'SlotRegistered']);
  });

  it('continues a session without another callback', async () => {
    await start();
    await region.until(isWarm);
    await region.claim('match-1');
    const before = await region.until(isLive);
    await machine.stop();
    await start();
    await region.until(({ context }) => context.incarnation === machine.incarnation);
    await machine.tell('/exit/0');
    await region.until(isWarm);
    expect(region.events.slice(2)).toEqual([
      'AllocationRequested',
      'CallbackAcked',
      'AgentReturned',
      'ExitedZero',
    ]);
    expect(before.context.allocation?.answer.value()).toMatchObject({ calls: 1 });
  });

  it('learns of an exit that happened while it was away', async () => {
    await start();
    await region.until(isWarm);
    await region.claim('match-1');
    await region.until(isLive);
    const run = await machine.findRun();
    await machine.stop();
    await machine.tell('/exit/0');
    await new Promise<void>((resolve) => run?.onEnd(resolve));
    await start();
    await region.until(isWarm);
    expect(region.events.slice(-2)).toEqual(['AgentReturned', 'ExitedZero']);
  });

  it('repeats the callback if the answer was not saved', async () => {
    await start();
    const pid = pidOf(await region.until(isWarm));
    await machine.stop();
    await region.claim('match-1');
    await start();
    const { context } = await region.until(isLive);
    expect(context.allocation?.answer.value()).toEqual({ pid, calls: 1 });
  });
});

describe('An agent that was declared lost', () => {
  const lose = () => region.command({ type: 'LoseAgent', at: clock.now() });
  const isLost = ({ context }: SlotState) => context.agentLost;
  const isBack = (state: SlotState) => !isLost(state);

  it('reports that it is back, and its session continues', async () => {
    await start();
    await region.until(isWarm);
    await region.claim('match-1');
    const before = await region.until(isLive);
    await lose();
    const after = await region.until(isBack);
    expect(after.context.allocation).toEqual(before.context.allocation);
    expect(region.events.slice(-2)).toEqual(['AgentLost', 'AgentReturned']);
    expect(await birthOf(pidOf(after))).not.toBeNull();
  });

  it('continues its session when it comes back', async () => {
    await start();
    await region.until(isWarm);
    await region.claim('match-1');
    const before = await region.until(isLive);
    await machine.stop();
    await lose();
    await start();
    const after = await region.until(isBack);
    expect(after.value).toEqual(before.value);
    expect(after.context.allocation).toEqual(before.context.allocation);
    expect(pidOf(after)).toBe(pidOf(before));
    await machine.tell('/exit/0');
    await region.until(isWarm);
  });

  it('clears, when it comes back, a session that timed out in the meantime', async () => {
    await start();
    await region.until(isWarm);
    await region.claim('match-1');
    const pid = pidOf(await region.until(isLive));
    await machine.stop();
    await lose();
    await region.command({ type: 'Expire', at: clock.now() + 61_000 });
    await start();
    const state = await region.until((now) => isWarm(now) && isBack(now));
    expect(region.events.slice(-4)).toEqual([
      'AgentLost',
      'TtlExpired',
      'AgentReturned',
      'SlotCleared',
    ]);
    expect(pidOf(state)).not.toBe(pid);
    expect(await birthOf(pid)).toBeNull();
    expect(await machine.allocated()).toBe('');
  });
});
