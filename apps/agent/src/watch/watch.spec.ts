import { ManualClock } from '#memory';
import type { QueryOutcome, Question } from '#server-query';
import { createLogger } from '#service-runtime';
import type { CheckFailure } from '#slot';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { Watch } from './watch.js';
import type { WatchedGame } from './watched-slot.js';

const START = 1_000_000;

const game: WatchedGame = {
  run: 'run-1',
  startedAt: START,
  protocol: 'sqp',
  ip: '192.0.2.1',
  port: 7001,
  checks: { everyMs: 1_000, withinMs: 500, failuresMax: 3 },
  coldStartMs: 10_000,
  countBots: false,
};

const players = (count: number, bots = 0): QueryOutcome => ({
  kind: 'answered',
  players: { players: count, playersMax: 8, bots },
});
const silent: QueryOutcome = { kind: 'silent', reason: 'no answer in 500 ms' };
const garbage: QueryOutcome = { kind: 'not-understood', reason: 'the answer is garbage' };
const unasked: QueryOutcome = { kind: 'not-asked', reason: 'too many queries are running' };
const uncounted = { uncounted: 'sqp on port 7001: the answer is garbage' };

describe('A watch', () => {
  let clock: ManualClock;
  let running: WatchedGame | null;
  /** The outcome of a query to a host. */
  let answer: (host: string) => QueryOutcome;
  let asked: string[];
  let heard: unknown[];
  let failures: CheckFailure[];

  beforeEach(() => {
    clock = new ManualClock(START);
    running = game;
    answer = only('127.0.0.1', players(2));
    asked = [];
    heard = [];
    failures = [];
    const ask = async ({ host }: Question) => {
      asked.push(host);
      return Promise.resolve(answer(host));
    };
    const client = { ask, close: () => undefined };
    const watch = new Watch(client, clock, createLogger('agent', 'silent'));
    watch.add({
      watched: () => running,
      counted: (counted) => void heard.push('players' in counted ? counted.players : counted),
      checkFailed: (_, failure) => void failures.push(failure),
    });
    watch.start();
  });

  /** A game that listens at one address only. */
  const only = (address: string, outcome: QueryOutcome) => (host: string) =>
    host === address ? outcome : silent;

  /** Lets time pass, and lets each query be answered before more time passes. */
  async function pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 100) {
      clock.advance(100);
      for (let turns = 0; turns < 8; turns += 1) await Promise.resolve();
    }
  }

  it('queries a running game as often as its configuration says', async () => {
    await pass(5_000);
    expect(heard).toEqual([2, 2, 2, 2, 2]);
  });

  it('queries nothing if there is no game to query', async () => {
    running = null;
    await pass(5_000);
    expect(asked).toEqual([]);
  });

  it('reports one failure for several misses in a row, and stops querying', async () => {
    await pass(1_000);
    answer = () => silent;
    await pass(20_000);
    expect(failures).toEqual([
      {
        check: 'query',
        reason: 'sqp on port 7001: no answer in 500 ms, 3 times in a row',
        failedAt: START + 3_100,
      },
    ]);
    // First the address where the game had answered, then, twice, both addresses where it may
    // listen.
    expect(asked.slice(2)).toEqual(['127.0.0.1', '127.0.0.1', '::1', '127.0.0.1', '::1']);
  });

  it('resets the misses once the game answers', async () => {
    await pass(1_000);
    answer = () => silent;
    await pass(2_000);
    answer = () => players(1);
    await pass(1_000);
    answer = () => silent;
    await pass(2_000);
    expect(failures).toEqual([]);
  });

  it('waits for the first answer as long as a game may take to start', async () => {
    answer = () => silent;
    await pass(10_000);
    expect(failures).toEqual([]);
    await pass(1_000);
    expect(failures[0]?.reason).toContain(', and no answer before');
  });

  it('does not blame a game for silence before its agent was there', async () => {
    running = { ...game, startedAt: START - 60_000 };
    answer = () => silent;
    await pass(2_000);
    expect(failures).toEqual([]);
    await pass(1_000);
    expect(failures).toHaveLength(1);
  });

  it('starts over with the next game', async () => {
    await pass(1_000);
    answer = () => silent;
    await pass(5_000);
    running = { ...game, run: 'run-2', startedAt: clock.now() };
    answer = () => players(0);
    await pass(1_000);
    expect(heard).toEqual([2, 0]);
  });

  describe('of a game whose answers are not understood', () => {
    it('reports once that the players are unknown, and never ends the game', async () => {
      answer = () => garbage;
      await pass(60_000);
      expect(heard).toEqual([uncounted]);
      expect(failures).toEqual([]);
    });

    it('keeps the last count until that has gone on for a while', async () => {
      await pass(1_000);
      answer = () => garbage;
      await pass(2_000);
      expect(heard).toEqual([2]);
      await pass(20_000);
      expect(heard).toEqual([2, uncounted]);
      answer = () => players(1);
      await pass(1_000);
      expect(heard).toEqual([2, uncounted, 1]);
    });

    it('counts any answer as a sign of life', async () => {
      let questions = 0;
      answer = () => ((questions += 1) % 5 === 0 ? garbage : silent);
      running = { ...game, startedAt: START - 60_000, checks: { ...game.checks, failuresMax: 4 } };
      await pass(60_000);
      expect(failures).toEqual([]);
    });
  });

  it('does not blame a game that it could not query', async () => {
    await pass(1_000);
    answer = () => unasked;
    await pass(60_000);
    expect(failures).toEqual([]);
    expect(asked.length).toBeGreaterThan(60);
  });

  it('leaves bots out of the count, unless they are to be counted', async () => {
    answer = () => players(5, 4);
    await pass(1_000);
    running = { ...game, run: 'run-2', countBots: true };
    await pass(1_000);
    expect(heard).toEqual([1, 5]);
  });

  it('queries the address that the game was given, or else the loopback', async () => {
    await pass(2_000);
    expect(asked).toEqual(['127.0.0.1', '::1', '127.0.0.1']);
    asked = [];
    answer = only('::1', players(2));
    running = { ...game, run: 'run-2', ip: '127.0.0.9' };
    await pass(2_000);
    expect(asked).toEqual(['127.0.0.9', '127.0.0.1', '::1', '::1']);
    asked = [];
    running = { ...game, run: 'run-3', ip: '::1' };
    await pass(1_000);
    expect(asked).toEqual(['::1', '127.0.0.1']);
    expect(failures).toEqual([]);
  });
});
