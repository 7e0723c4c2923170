import { PlacedList } from './placed-list.js';

/** Agents with this many slots, or more, are treated alike. */
const TOLD_APART_MAX = 64;

/** A slot that knows its agent, and its place among this agent's slots. */
type Packed<Place extends string> = Record<Place, number> & { readonly agent: object };

/** The slots of one agent. The share itself is in the list of shares that have the same size. */
class Share<Place extends string, Slot extends Packed<Place>> extends PlacedList<Place, Slot> {
  rank = 0;
}

/**
 * Interchangeable free slots, ordered by machine: the fullest machine, the one with the fewest such
 * slots, comes first. So sessions are packed, and whole machines become empty. Machines with
 * equally many are in no particular order. Adding, removing and finding the slot at a place cost
 * the same however many slots and agents there are.
 */
export class PackedSlots<Place extends string, Slot extends Packed<Place>> {
  private readonly shares = new Map<object, Share<Place, Slot>>();
  /** Shares by the number of their slots. */
  private readonly ranks: PlacedList<'rank', Share<Place, Slot>>[] = [];
  private count = 0;

  constructor(private readonly place: Place) {}

  get size(): number {
    return this.count;
  }

  add(slot: Slot): void {
    let share = this.shares.get(slot.agent);
    if (share !== undefined) this.rankOf(share).delete(share);
    else this.shares.set(slot.agent, (share = new Share(this.place)));
    share.add(slot);
    this.count += 1;
    this.rankOf(share).add(share);
  }

  /** The slot must have been added. */
  delete(slot: Slot): void {
    const share = this.shares.get(slot.agent);
    if (share === undefined) return;
    this.rankOf(share).delete(share);
    share.delete(slot);
    this.count -= 1;
    if (share.size === 0) this.shares.delete(slot.agent);
    else this.rankOf(share).add(share);
  }

  /** The slot at `place`, counted from 0 at the fullest machine; places up to 63 cost the same. */
  at(place: number): Slot | undefined {
    let left = place;
    for (const [free, { items }] of this.ranks.entries()) {
      if (free === TOLD_APART_MAX) break;
      if (left < items.length * free) return items[Math.floor(left / free)]?.items[left % free];
      left -= items.length * free;
    }
    for (const { items } of this.ranks[TOLD_APART_MAX]?.items ?? []) {
      if (left < items.length) return items[left];
      left -= items.length;
    }
    return undefined;
  }

  /** Up to `most` slots, beginning with the fullest machine. */
  first(most: number): readonly Slot[] {
    return take(this.ranks, most);
  }

  /** Up to `most` slots, beginning with the emptiest machine. */
  last(most: number): readonly Slot[] {
    return take([...this.ranks].reverse(), most);
  }

  private rankOf({ size }: Share<Place, Slot>): PlacedList<'rank', Share<Place, Slot>> {
    const rank = Math.min(size, TOLD_APART_MAX);
    while (this.ranks.length <= rank) this.ranks.push(new PlacedList('rank'));
    return this.ranks[rank] as PlacedList<'rank', Share<Place, Slot>>;
  }
}

function take<Slot>(
  ranks: readonly { readonly items: readonly { readonly items: readonly Slot[] }[] }[],
  most: number,
): readonly Slot[] {
  const found: Slot[] = [];
  for (const { items: shares } of ranks) {
    for (const { items: slots } of shares) {
      for (const slot of slots) {
        if (found.length === most) return found;
        found.push(slot);
      }
    }
  }
  return found;
}
