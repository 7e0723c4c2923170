import type { Offer } from '#slot';
import { fits, wishKey, type Wish } from './wish.js';

/** One who waits for a slot. */
export interface Waiting {
  readonly wish: Wish;
  /** Lower came earlier; kept by who loses a race for a slot and comes back. */
  readonly place: number;
}

/** Those who wait for the same, the first come first. */
interface Queue<Waiter> {
  readonly wish: Wish;
  readonly waiters: Waiter[];
}

/**
 * Who waits for a slot, in the order in which they came. A slot goes to the first whom it fits, so
 * nobody is overtaken by one who came later, nor kept by one ahead who asks for something else.
 * Cost grows with the number of different wishes, never with the number of those who wait.
 */
export class Line<Waiter extends Waiting> {
  private readonly queues = new Map<string, Queue<Waiter>>();
  private waiting = 0;

  get size(): number {
    return this.waiting;
  }

  /** Everybody, in no particular order. */
  get all(): readonly Waiter[] {
    return [...this.queues.values()].flatMap(({ waiters }) => waiters);
  }

  add(waiter: Waiter): void {
    const key = wishKey(waiter.wish);
    const queue = this.queues.get(key) ?? { wish: waiter.wish, waiters: [] };
    this.queues.set(key, queue);
    queue.waiters.splice(placeFor(waiter, queue.waiters), 0, waiter);
    this.waiting += 1;
  }

  delete(waiter: Waiter): void {
    const key = wishKey(waiter.wish);
    const queue = this.queues.get(key);
    const at = queue === undefined ? -1 : placeFor(waiter, queue.waiters);
    if (queue?.waiters[at] !== waiter) return;
    queue.waiters.splice(at, 1);
    this.waiting -= 1;
    if (queue.waiters.length === 0) this.queues.delete(key);
  }

  /** Who came first of those whom the offer fits; some ask for one very slot. */
  firstFor(offer: Offer, subject?: string): Waiter | undefined {
    let first: Waiter | undefined;
    for (const { wish, waiters } of this.queues.values()) {
      const [waiter] = waiters;
      if (waiter === undefined || (first !== undefined && first.place < waiter.place)) continue;
      const isIt = wish.slot === undefined || wish.slot === subject;
      if (isIt && fits(wish, offer)) first = waiter;
    }
    return first;
  }
}

/** Where the waiter stands, or would stand, among those who are sorted by their place. */
function placeFor({ place }: Waiting, waiters: readonly Waiting[]): number {
  let [low, high] = [0, waiters.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((waiters[middle]?.place ?? Infinity) < place) low = middle + 1;
    else high = middle;
  }
  return low;
}
