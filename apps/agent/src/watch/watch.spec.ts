import { ManualClock } from '#memory';
import { Unanswered } from '#server-query';
import type { CheckFailure } from '#slot';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { Watch } from './watch.js';
import type { WatchedGame } from './watched-slot.js';

const START = 1_000_000;

const game: WatchedGame = {
  run: 'run-1',
  startedAt: START,
  protocol: 'sqp',
  port: 7001,
  checks: { everyMs: 1_000, withinMs: 500, failuresMax: 3 },
  coldStartMs: 10_000,
};

describe('A watch', () => {
  let clock: ManualClock;
  let running: WatchedGame | null;
  let answer: () => number;
  let asked: number;
  let heard: number[];
  let failures: CheckFailure[];

  beforeEach(() => {
    clock = new ManualClock(START);
    running = game;
    answer = () => 2;
    asked = 0;
    heard = [];
    failures = [];
    const ask = async () => {
      asked += 1;
      return { players: await Promise.resolve(answer()), playersMax: 8 };
    };
    const watch = new Watch({ ask, close: () => undefined }, clock);
    watch.add({
      watched: () => running,
      players: (count) => void heard.push(count),
      checkFailed: (_, failure) => void failures.push(failure),
    });
    watch.start();
  });

  /** What is asked is answered before time goes on. */
  async function pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 100) {
      clock.advance(100);
      for (let turns = 0; turns < 8; turns += 1) await Promise.resolve();
    }
  }

  const silent = () => {
    throw new Unanswered('no answer in 500 ms');
  };

  it('asks a game that runs, as often as its configuration says', async () => {
    await pass(5_000);
    expect(heard).toEqual([2, 2, 2, 2, 2]);
  });

  it('asks nothing where no game is to be asked', async () => {
    running = null;
    await pass(5_000);
    expect(asked).toBe(0);
  });

  it('reports one failure for several misses in a row, and asks no more', async () => {
    await pass(1_000);
    answer = silent;
    await pass(20_000);
    expect(failures).toEqual([
      {
        check: 'query',
        reason: 'sqp on port 7001: no answer in 500 ms, 3 times in a row',
        failedAt: START + 3_100,
      },
    ]);
    expect(asked).toBe(4);
  });

  it('forgets misses once the game answers', async () => {
    await pass(1_000);
    answer = silent;
    await pass(2_000);
    answer = () => 1;
    await pass(1_000);
    answer = silent;
    await pass(2_000);
    expect(failures).toEqual([]);
  });

  it('waits for the first answer as long as a game may take to start', async () => {
    answer = silent;
    await pass(10_000);
    expect(failures).toEqual([]);
    await pass(1_000);
    expect(failures[0]?.reason).toContain(', and no answer before');
  });

  it('does not fail a game for the silence before its agent was there', async () => {
    running = { ...game, startedAt: START - 60_000 };
    answer = silent;
    await pass(2_000);
    expect(failures).toEqual([]);
    await pass(1_000);
    expect(failures).toHaveLength(1);
  });

  it('begins anew with the next game', async () => {
    await pass(1_000);
    answer = silent;
    await pass(5_000);
    running = { ...game, run: 'run-2', startedAt: clock.now() };
    answer = () => 0;
    await pass(1_000);
    expect(heard).toEqual([2, 0]);
  });
});
