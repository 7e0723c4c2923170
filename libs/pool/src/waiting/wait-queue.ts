import type { Offer } from '#slot';
import { fits, requirementsKey, type SlotRequirements } from '../slot-requirements.js';

/** A request that waits for a slot. */
export interface Waiting {
  readonly requirements: SlotRequirements;
  /** Lower came earlier. A request that fails to claim its slot comes back with the same place. */
  readonly place: number;
}

/** Those that require the same, the first come first. */
interface Queue<Waiter> {
  readonly requirements: SlotRequirements;
  readonly waiters: Waiter[];
}

/**
 * The requests that wait for a slot, in the order in which they came. A slot goes to the first that
 * it fits, so none is overtaken by a later one, nor kept by an earlier one that requires something
 * else. Cost grows with the number of different requirements, never with the number that wait.
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

  /** The first that the offer fits; some require the slot of one `subject`. */
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

/** Where the waiter stands, or would stand, among those that are sorted by their place. */
function indexFor({ place }: Waiting, waiters: readonly Waiting[]): number {
  let [low, high] = [0, waiters.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((waiters[middle]?.place ?? Infinity) < place) low = middle + 1;
    else high = middle;
  }
  return low;
}
