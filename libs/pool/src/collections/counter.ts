/** Counts items by name. A name with a count of zero takes no memory. */
export class Counter {
  private readonly counts = new Map<string, number>();

  has(name: string): boolean {
    return this.counts.has(name);
  }

  /** Counts one less of `before` and one more of `after`; undefined is not counted. */
  move(before: string | undefined, after: string | undefined): void {
    if (before === after) return;
    if (after !== undefined) this.counts.set(after, (this.counts.get(after) ?? 0) + 1);
    if (before === undefined) return;
    const left = (this.counts.get(before) ?? 1) - 1;
    if (left === 0) this.counts.delete(before);
    else this.counts.set(before, left);
  }
}
