import { PlacedList } from './placed-list.js';

/** Agents with so many slots or more are not told apart. */
const TOLD_APART_MAX = 64;

/** What is packed: a slot that knows its agent, and its place among this agent's slots. */
type Packed<Place extends string> = Record<Place, number> & { readonly agent: object };

/** The slots of one agent, which is itself in the list of the agents that have so many. */
class Share<Place extends string, Slot extends Packed<Place>> extends PlacedList<Place, Slot> {
  rank = 0;
}

/**
 * Free slots that are alike, those of the fullest machine first, which is the one with the fewest of
 * them: so sessions are packed, and whole machines fall empty. Agents with equally many come in no
 * particular order. Adding, removing and finding the slot at a place of that order cost the same
 * however many slots and agents there are.
 */
export class PackedSlots<Place extends string, Slot extends Packed<Place>> {
  private readonly shares = new Map<object, Share<Place, Slot>>();
  /** Agents by the number of their slots. */
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

  /** The slot must be among them. */
  delete(slot: Slot): void {
    const share = this.shares.get(slot.agent);
    if (share === undefined) return;
    this.rankOf(share).delete(share);
    share.delete(slot);
    this.count -= 1;
    if (share.size === 0) this.shares.delete(slot.agent);
    else this.rankOf(share).add(share);
  }

  /** The slot at `place`, 0 being that of the fullest machine; up to 63 is found at once. */
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

  /** Up to `most` slots, from the fullest machine on. */
  first(most: number): readonly Slot[] {
    return take(this.ranks, most);
  }

  /** Up to `most` slots, from the emptiest machine on. */
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
