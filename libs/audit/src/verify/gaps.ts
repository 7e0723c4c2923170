/** Sequences that are not there, the first and the last of them. */
export interface Gap {
  readonly from: number;
  readonly to: number;
}

/** So many gaps are remembered; the others are counted. */
const GAPS_MAX = 1_000;

/**
 * Sequences that no message has. A log has such gaps by right, where retired slots were forgotten and
 * old events made way; an archive has none from when it was made.
 */
export class Gaps {
  private readonly unlawful: Gap[];
  private missingCount: number;

  constructor(
    /** From this instant on (epoch ms) nothing may be missing; `Infinity`: anything may. */
    private readonly wholeSince: number,
    { unlawful, missing }: GapState = { unlawful: [], missing: 0 },
  ) {
    this.unlawful = [...unlawful];
    this.missingCount = missing;
  }

  /** How many sequences are missing, by right or not. */
  get missing(): number {
    return this.missingCount;
  }

  /** Notes what is missing between two messages, the later of which is dated `at`. */
  between(before: { sequence: number; at: number }, sequence: number, at: number): void {
    const gap = { from: before.sequence + 1, to: sequence - 1 };
    if (gap.from > gap.to) return;
    this.missingCount += gap.to - gap.from + 1;
    const isUnlawful = Math.min(before.at, at) >= this.wholeSince;
    if (isUnlawful && this.unlawful.length < GAPS_MAX) this.unlawful.push(gap);
  }

  /** Whether an event that is missing should be there; what is known to be one of a slot is no gap. */
  take(sequence: number): boolean {
    const index = this.unlawful.findIndex(({ from, to }) => from <= sequence && sequence <= to);
    const gap = this.unlawful[index];
    if (gap === undefined) return false;
    const left = [
      { from: gap.from, to: sequence - 1 },
      { from: sequence + 1, to: gap.to },
    ];
    this.unlawful.splice(index, 1, ...left.filter(({ from, to }) => from <= to));
    return true;
  }

  /** Those that nothing explains. */
  unexplained(): readonly Gap[] {
    return this.unlawful;
  }

  state(): GapState {
    return { unlawful: this.unlawful, missing: this.missingCount };
  }
}

export interface GapState {
  readonly unlawful: readonly Gap[];
  readonly missing: number;
}
