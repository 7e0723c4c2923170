/** Machines with this many free slots or more are not told apart. */
const FREE_TOLD_APART = 64;

/**
 * The free slots of one shape, by machine, fullest machine first, so that sessions are packed and
 * whole machines fall empty. Every operation costs the same however many machines there are.
 */
export class Machines {
  private readonly slotsOf = new Map<string, Set<string>>();
  private readonly byFree: Set<string>[] = [];
  private count = 0;

  /** Slots, on all machines. */
  get size(): number {
    return this.count;
  }

  get isEmpty(): boolean {
    return this.slotsOf.size === 0;
  }

  add(machine: string, slot: string): void {
    const slots = this.slotsOf.get(machine) ?? new Set();
    if (!slots.has(slot)) this.count += 1;
    this.unrank(machine, slots.size);
    this.slotsOf.set(machine, slots.add(slot));
    this.rank(machine, slots.size);
  }

  delete(machine: string, slot: string): void {
    const slots = this.slotsOf.get(machine);
    if (!slots?.has(slot)) return;
    this.unrank(machine, slots.size);
    slots.delete(slot);
    this.count -= 1;
    if (slots.size === 0) this.slotsOf.delete(machine);
    else this.rank(machine, slots.size);
  }

  /** Up to `most` free slots, from the fullest machines on. */
  best(most: number): string[] {
    return this.some(this.byFree, most);
  }

  /** Up to `most` free slots, from the emptiest machines on. */
  worst(most: number): string[] {
    return this.some([...this.byFree].reverse(), most);
  }

  private some(ranks: readonly Set<string>[], most: number): string[] {
    const found: string[] = [];
    for (const machines of ranks) {
      for (const machine of machines) {
        for (const slot of this.slotsOf.get(machine) ?? []) {
          found.push(slot);
          if (found.length === most) return found;
        }
      }
    }
    return found;
  }

  private rank(machine: string, free: number): void {
    const place = Math.min(free, FREE_TOLD_APART);
    while (this.byFree.length <= place) this.byFree.push(new Set());
    this.byFree[place]?.add(machine);
  }

  private unrank(machine: string, free: number): void {
    this.byFree[Math.min(free, FREE_TOLD_APART)]?.delete(machine);
  }
}
