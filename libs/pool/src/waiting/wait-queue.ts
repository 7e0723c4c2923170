import type { Offer } from '#slot';
import { fits, requirementsKey, type SlotRequirements } from '../slot-requirements.js';

/** A request that waits for a slot. */
export interface Waiting {
  readonly requirements: SlotRequirements;
  /** Lower came earlier. A request that fails to claim its slot comes back with the same place. */
  readonly place: number;
}

/** The waiters with the same requirements, in the order of their places. */
interface Queue<Waiter> {
  readonly requirements: SlotRequirements;
  readonly waiters: Waiter[];
}

/**
 * The requests that wait for a slot, in the order of their arrival. A slot goes to the first
 * request that it fits: no request is overtaken by a later one, nor blocked by an earlier one with
 * other requirements. The cost grows with the number of different requirements, never with the
 * number of waiters.
 */
export class WaitQueue<Waiter extends Waiting> {
  private readonly queues = new Map<string, Queue<Waiter>>();
  private waiting = 0;

  get size(): number {
    return this.waiting;
  }

  add(waiter: Waiter): void {
    const { requirements } = waiter;
    const key = requirementsKey(requirements);
    const queue = this.queues.get(key) ?? { requirements, waiters: [] };
    this.queues.set(key, queue);
    queue.waiters.splice(indexFor(waiter, queue.waiters), 0, waiter);
    this.waiting += 1;
  }

  delete(waiter: Waiter): void {
    const key = requirementsKey(waiter.requirements);
    const queue = this.queues.get(key);
    const at = queue === undefined ? -1 : indexFor(waiter, queue.waiters);
    if (queue?.waiters[at] !== waiter) return;
    queue.waiters.splice(at, 1);
    this.waiting -= 1;
    if (queue.waiters.length === 0) this.queues.delete(key);
  }

  /** The first waiter that the offer fits; a waiter may require the slot of one `subject`. */
  firstFor(offer: Offer, subject?: string): Waiter | undefined {
    let first: Waiter | undefined;
    for (const { requirements, waiters } of this.queues.values()) {
      const [waiter] = waiters;
      if (waiter === undefined || (first !== undefined && first.place < waiter.place)) continue;
      const isIt = requirements.slot === undefined || requirements.slot === subject;
      if (isIt && fits(requirements, offer)) first = waiter;
    }
    return first;
  }
}

/** The index of the waiter, or where it would be inserted, in a list sorted by place. */
function indexFor({ place }: Waiting, waiters: readonly Waiting[]): number {
  let [low, high] = [0, waiters.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((waiters[middle]?.place ?? Infinity) < place) low = middle + 1;
    else high = middle;
  }
  return low;
}
