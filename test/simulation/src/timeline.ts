import { Clock, type Cancel } from '#kernel';

interface Due {
  readonly at: number;
  /** Among items of the same instant, the one set first runs first. */
  readonly order: number;
  action: (() => void) | null;
}

/** When every run begins (epoch ms). */
export const BEGINNING = Date.UTC(2030, 0, 1);

/**
 * The simulated time: it jumps from one event to the next. After each event, everything that it
 * started within the process comes to rest before the next one happens.
 */
export class Timeline extends Clock {
  /** A binary heap, the earliest first. */
  private readonly heap: Due[] = [];
  private order = 0;
  private instant = BEGINNING;

  now(): number {
    return this.instant;
  }

  after(delayMs: number, action: () => void): Cancel {
    const due: Due = { at: this.instant + Math.max(0, delayMs), order: this.order++, action };
    this.push(due);
    return () => (due.action = null);
  }

  /** Runs until `until` (epoch ms), or until `isOver`, which is checked after every event. */
  async run(until: number, isOver: () => boolean): Promise<void> {
    for (let due = this.heap[0]; due !== undefined && due.at <= until; due = this.heap[0]) {
      this.pop();
      if (due.action === null) continue;
      this.instant = due.at;
      due.action();
      await atRest();
      if (isOver()) return;
    }
    this.instant = until;
  }

  private push(due: Due): void {
    const { heap } = this;
    let place = heap.length;
    heap.push(due);
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (!isBefore(due, heap[parent] as Due)) break;
      heap[place] = heap[parent] as Due;
      place = parent;
    }
    heap[place] = due;
  }

  private pop(): void {
    const { heap } = this;
    const last = heap.pop() as Due;
    if (heap.length === 0) return;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1] as Due, heap[child] as Due)) {
        child += 1;
      }
      if (!isBefore(heap[child] as Due, last)) break;
      heap[place] = heap[child] as Due;
      place = child;
    }
    heap[place] = last;
  }
}

function isBefore(one: Due, other: Due): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}

/** Node runs a tick only when no promise callback is left to run. */
function atRest(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}
