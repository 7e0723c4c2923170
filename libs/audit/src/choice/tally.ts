import { CHOICES, compareRanks, criterionOf, type Rank, type Standing } from '#pool';
import type { Grounds } from '#slot';

/** The slots that fit a request, counted by their ranks and by what stands in the way. */
export class Tally {
  private readonly ranks = new Map<string, { readonly rank: Rank; slots: number }>();
  private readonly obstacles = new Map<string, number>();

  count(standing: Standing | null): void {
    if (standing === null) return;
    const { rank, obstacle } = standing;
    if (rank !== null) {
      const key = JSON.stringify([rank.isFailing, rank.priority, rank.process]);
      const known = this.ranks.get(key);
      if (known === undefined) this.ranks.set(key, { rank, slots: 1 });
      else known.slots += 1;
    }
    if (obstacle === 'none') return;
    this.obstacles.set(obstacle, (this.obstacles.get(obstacle) ?? 0) + 1);
  }

  /** The best rank that a free slot has; undefined if none is free. */
  get best(): Rank | undefined {
    return this.ranked()[0]?.rank;
  }

  /** The grounds on which an allocator that sees this chooses; undefined if no slot is free. */
  grounds(): Grounds | undefined {
    const ranked = this.ranked();
    const [best, next] = ranked;
    if (best === undefined) return undefined;
    const { priority, process, isFailing } = best.rank;
    const passedOver = Object.fromEntries(
      [...this.obstacles].filter(([obstacle]) => obstacle !== 'failing' || !isFailing),
    );
    return {
      fitted: ranked.reduce((sum, { slots }) => sum + slots, 0),
      alike: Math.min(CHOICES, best.slots),
      ...(next !== undefined && { by: criterionOf(best.rank, next.rank) }),
      ...(priority !== 0 && { priority }),
      process,
      ...(Object.keys(passedOver).length > 0 && { passedOver }),
    };
  }

  private ranked() {
    return [...this.ranks.values()].sort((one, other) => compareRanks(one.rank, other.rank));
  }
}
