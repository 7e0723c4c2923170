import { withoutBots, type QueryOutcome } from '#server-query';
import { CHECKS, type CheckFailure } from '#slot';
import type { Counted } from '../slot/game-signals.js';
import type { WatchedGame } from './watched-slot.js';

/** What queries have shown of one run of a game. */
export interface Health {
  readonly run: string;
  /** Something has answered since it was started, or since its agent was. */
  readonly hasAnswered: boolean;
  /** Questions without an answer, in a row. */
  readonly misses: number;
  /** Answers that were not understood, in a row. */
  readonly unreadable: number;
  /** What was said last of its players: how many, or that nobody can tell. */
  readonly said: 'count' | 'unknown' | null;
  readonly hasFailed: boolean;
}

/** What is to be done about it; null: nothing. */
export type Finding =
  | { readonly kind: 'counted'; readonly counted: Counted }
  | { readonly kind: 'failed'; readonly failure: CheckFailure };

export function unknownHealth(run: string): Health {
  return { run, hasAnswered: false, misses: 0, unreadable: 0, said: null, hasFailed: false };
}

/**
 * What the outcome of one question shows. Silence alone, and `failuresMax` times in a row, is a
 * failure: a game that answers something is alive, whether that is understood or not.
 *
 * @param now epoch ms
 */
export function judge(
  game: WatchedGame,
  health: Health,
  outcome: QueryOutcome,
  now: number,
): readonly [Health, Finding | null] {
  switch (outcome.kind) {
    case 'answered': {
      const { players } = outcome;
      const count = game.countBots ? players.players : withoutBots(players);
      const alive = { hasAnswered: true, misses: 0, unreadable: 0, said: 'count' } as const;
      return [
        { ...health, ...alive },
        { kind: 'counted', counted: { players: count } },
      ];
    }
    case 'not-understood':
      return notUnderstood(game, health, outcome.reason);
    case 'silent':
      return missed(game, health, outcome.reason, now);
    case 'not-asked':
      return [health, null];
    default:
      return outcome satisfies never;
  }
}

/** The players are as they were counted last, until it is clear that this goes on. */
function notUnderstood(
  { checks, protocol, port }: WatchedGame,
  health: Health,
  reason: string,
): readonly [Health, Finding | null] {
  const unreadable = health.unreadable + 1;
  const alive = { ...health, hasAnswered: true, misses: 0, unreadable };
  const isPassing = health.said === 'count' && unreadable < checks.failuresMax;
  if (health.said === 'unknown' || isPassing) return [alive, null];
  const uncounted = `${protocol} on port ${port}: ${reason}`;
  return [
    { ...alive, said: 'unknown' },
    { kind: 'counted', counted: { uncounted } },
  ];
}

function missed(
  { checks, coldStartMs, startedAt, protocol, port }: WatchedGame,
  health: Health,
  how: string,
  now: number,
): readonly [Health, Finding | null] {
  const misses = health.misses + 1;
  const isStarting = !health.hasAnswered && now - startedAt < coldStartMs;
  if (misses < checks.failuresMax || isStarting) return [{ ...health, misses }, null];
  const before = health.hasAnswered ? '' : ', and no answer before';
  const reason = `${protocol} on port ${port}: ${how}, ${misses} times in a row${before}`;
  return [
    { ...health, misses, hasFailed: true },
    { kind: 'failed', failure: { check: CHECKS.query, reason, failedAt: now } },
  ];
}
