import { withoutBots, type QueryOutcome } from '#server-query';
import { CHECKS, type CheckFailure } from '#slot';
import type { Counted } from '../slot/game-signals.js';
import type { WatchedGame } from './watched-slot.js';

/** What queries have shown of one run of a game. */
export interface Health {
  readonly run: string;
  /** Whether the game has answered since its start, or since the start of the agent. */
  readonly hasAnswered: boolean;
  /** Queries in a row without an answer. */
  readonly misses: number;
  /** Answers in a row that were not understood. */
  readonly unreadable: number;
  /**
   * What was last reported of its players: a count, or that it is unknown; null before any report.
   */
  readonly said: 'count' | 'unknown' | null;
  readonly hasFailed: boolean;
}

/** What a query leads to; null if nothing has to be done. */
export type Finding =
  | { readonly kind: 'counted'; readonly counted: Counted }
  | { readonly kind: 'failed'; readonly failure: CheckFailure };

export function unknownHealth(run: string): Health {
  return { run, hasAnswered: false, misses: 0, unreadable: 0, said: null, hasFailed: false };
}

/**
 * Turns the outcome of one query into the new health and a finding. Only `failuresMax` queries in a
 * row without any answer are a failure: a game that answers is alive, even if its answer is not
 * understood.
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

/**
 * The last count of players stands until `failuresMax` answers in a row were not understood. If
 * there is no count, the players are reported as unknown at once.
 */
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
