import { CHOICES, compareRanks, type Rank, type Standing } from '#pool';
import type { Grounds } from '#slot';
import type { Category } from './view.js';

/**
 * What recorded grounds say of how many slots stood how. Among very many that were as good, and for
 * one that became free, only the free ones together are known.
 */
export class RecordedCounts {
  /** Whether the record says how many were as good as the one that was chosen. */
  private readonly isExact: boolean;

  constructor(
    private readonly recorded: Grounds,
    private readonly own: Rank,
  ) {
    this.isExact = recorded.alike < CHOICES && recorded.how === undefined;
  }

  /** How many of so many slots stood how. */
  wanted(slots: number): ReadonlyMap<Category, number> {
    const { fitted, alike, passedOver = {}, held = 0 } = this.recorded;
    const wanted = new Map<Category, number>([
      ['best', this.isExact ? alike : fitted],
      ['worse', this.isExact ? fitted - alike : 0],
    ]);
    for (const [obstacle, count] of Object.entries(passedOver)) {
      // They can be given, and are counted among the free ones.
      if (obstacle !== 'failing') wanted.set(obstacle, obstacle === 'taken' ? count - held : count);
    }
    wanted.set('held', held);
    const counted = [...wanted.values()].reduce((sum, count) => sum + count, 0);
    return wanted.set('outside', Math.max(0, slots - counted));
  }

  categoryOf(standing: Standing | null): Category {
    if (standing === null) return 'outside';
    const { rank, obstacle } = standing;
    if (rank === null) return obstacle;
    const order = compareRanks(rank, this.own);
    if (order < 0) return 'better';
    return order === 0 || !this.isExact ? 'best' : 'worse';
  }
}

/** Whether the same was recorded; waiting is no part of the choice. */
export function isSame(recorded: Grounds, recomputed: Grounds): boolean {
  if (recorded.process !== recomputed.process) return false;
  if (recorded.priority !== recomputed.priority) return false;
  // Among so many that are as good, the next best is not looked for.
  const isNextKnown = recorded.how === undefined && recorded.alike < CHOICES;
  if (isNextKnown && recorded.by !== recomputed.by) return false;
  if (recorded.how === undefined && recorded.alike !== recomputed.alike) return false;
  return differing(recorded, recomputed).length === 0;
}

/** In which counts two grounds differ, for people. */
export function differing(recorded: Grounds, recomputed: Grounds | undefined): readonly string[] {
  const one = countsOf(recorded);
  const other = recomputed === undefined ? {} : countsOf(recomputed);
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].flatMap((key) => {
    const [was, is] = [one[key] ?? 0, other[key] ?? 0];
    return was === is ? [] : [`${was} ${key} as recorded, ${is} as recomputed`];
  });
}

function countsOf({ fitted, passedOver }: Grounds): Readonly<Record<string, number>> {
  return { fitted, ...passedOver };
}
