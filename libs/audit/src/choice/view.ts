/** How a slot may have stood in the view of one allocator; `outside`: it did not fit, or was not there. */
export type Category = string;

/**
 * What an allocator may have seen: of each slot, the categories that it may have been in. Says whether
 * given numbers of slots in each category are possible together.
 */
export class View {
  private readonly bits = new Map<Category, number>();
  /** The categories of each slot, and the number of slots that have the same. */
  private readonly masks = new Map<string, number>();
  private readonly groups = new Map<number, number>();

  /** Number of slots. */
  get size(): number {
    return this.masks.size;
  }

  /** Returns whether this is new of the slot. */
  allow(subject: string, category: Category): boolean {
    const before = this.masks.get(subject) ?? 0;
    const after = before | this.bitOf(category);
    if (after === before) return false;
    this.masks.set(subject, after);
    if (before !== 0) this.move(before, -1);
    this.move(after, 1);
    return true;
  }

  /**
   * Whether each slot can be put into one of its categories so that each category has as many as it
   * should. By Hall's theorem: if for no set of categories more are wanted than may be in one of them.
   *
   * @param wanted numbers of slots, together as many as there are
   */
  admits(wanted: ReadonlyMap<Category, number>): boolean {
    const wants = [...wanted].map(([category, slots]) => [this.bitOf(category), slots] as const);
    const all = 2 ** this.bits.size;
    for (let set = 1; set < all; set += 1) {
      let [demand, supply] = [0, 0];
      for (const [bit, slots] of wants) if ((bit & set) !== 0) demand += slots;
      for (const [mask, slots] of this.groups) if ((mask & set) !== 0) supply += slots;
      if (demand > supply) return false;
    }
    return true;
  }

  private move(mask: number, slots: 1 | -1): void {
    this.groups.set(mask, (this.groups.get(mask) ?? 0) + slots);
  }

  private bitOf(category: Category): number {
    const known = this.bits.get(category);
    if (known !== undefined) return known;
    const bit = 1 << this.bits.size;
    this.bits.set(category, bit);
    return bit;
  }
}
