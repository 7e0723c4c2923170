import type { Random } from '#kernel';
import { FLEETS, type Fleet, type Play } from './play.js';

/** How a matchmaker handles one request. */
export type Habit =
  /** Waits for the answer. */
  | 'patient'
  /** Gives up soon, and asks again with the same id. */
  | 'impatient'
  /** Gives up at once, and does not come back until the storm is over. */
  | 'leaver'
  /** Asks two allocators at the same time. */
  | 'twin'
  /** Gives its server back. */
  | 'releaser'
  /** Asks again after it got an answer, perhaps after the session has ended. */
  | 'returner';

/** One request as it was drawn. */
export interface Errand {
  readonly habit: Habit;
  readonly fleet: Fleet;
  readonly payload: Play;
  /** How long it may wait for a slot if none is free (ms). */
  readonly waitMs: number;
  /** For leavers and the impatient, how long they wait (ms); for others, when they come back. */
  readonly pauseMs: number;
}

const HABITS: Weights<Habit> = {
  patient: 48,
  impatient: 14,
  leaver: 6,
  twin: 12,
  releaser: 12,
  returner: 8,
};
const FLEET_SHARES: Weights<Fleet> = { stub: 95, shell: 3, http: 2 };
const REAL_SHARES: Weights<'shell' | 'http'> = { shell: 1, http: 4 };
const PLAYS: Weights<Play['play']> = { exit: 92, crash: 4, refuse: 2, hang: 1, stay: 1 };

/**
 * The share of requests that wait for a slot, and for how long (ms); the others want one at once.
 */
const WAITING_SHARE = 0.6;
const WAIT_MS = 4_000;

type Weights<Word extends string> = Readonly<Record<Word, number>>;

export function drawErrand(random: Random, hasStubs: boolean): Errand {
  const habit = draw(HABITS, random);
  const play = habit === 'releaser' ? 'stay' : draw(PLAYS, random);
  const fleet = FLEETS[draw(hasStubs ? FLEET_SHARES : REAL_SHARES, random)];
  const playMs = Math.round(50 + 450 * random.fraction());
  const waitMs = random.fraction() < WAITING_SHARE ? WAIT_MS : 0;
  return { habit, fleet, payload: { play, playMs }, waitMs, pauseMs: pauseOf(habit, random) };
}

function pauseOf(habit: Habit, random: Random): number {
  const most = habit === 'leaver' ? 20 : habit === 'impatient' ? 300 : 1_000;
  return Math.max(1, Math.round(most * random.fraction()));
}

/** Draws one of the words with a probability in proportion to its weight. */
export function draw<Word extends string>(weights: Weights<Word>, random: Random): Word {
  const entries = Object.entries(weights) as [Word, number][];
  let left = random.fraction() * entries.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [word, weight] of entries) {
    left -= weight;
    if (left < 0) return word;
  }
  return (entries.at(-1) as [Word, number])[0];
}
