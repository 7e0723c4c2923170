import { allocationOf, type AllocationEnd, type SlotState } from '#slot';

/** Ended allocations remembered at most; the oldest are forgotten first. */
const ENDED_MAX = 1_000_000;

export interface Ended {
  readonly subject: string;
  readonly end: AllocationEnd;
}

/**
 * Which slot serves which allocation, how many tries of it have failed, and how it ended. Learned
 * from states alone, so it can be rebuilt from any part of the log.
 */
export class Allocations {
  private readonly holders = new Map<string, string>();
  private readonly heldBy = new Map<string, string>();
  private readonly failed = new Map<string, number>();
  private readonly ended = new Map<string, Ended>();

  /** Takes the present of a slot. */
  learn(subject: string, state: SlotState): void {
    const id = allocationOf(state)?.id;
    const before = this.heldBy.get(subject);
    if (before !== undefined && before !== id && this.holders.get(before) === subject) {
      this.holders.delete(before);
    }
    if (id === undefined) this.heldBy.delete(subject);
    else {
      this.heldBy.set(subject, id);
      this.holders.set(id, subject);
    }
    this.remember(subject, state);
  }

  /** Takes what any state, present or past, tells of how allocations ended. */
  remember(subject: string, { context: { lastEnd } }: SlotState): void {
    if (lastEnd === null) return;
    const { allocationId, attempt } = lastEnd;
    if (isFailure(lastEnd)) {
      const failures = Math.max(attempt, this.failuresOf(allocationId));
      bounded(this.failed, ENDED_MAX).set(allocationId, failures);
    } else bounded(this.ended, ENDED_MAX).set(allocationId, { subject, end: lastEnd });
  }

  /** The subject of the slot that holds the allocation, or held it and is not cleared yet. */
  holderOf(id: string): string | undefined {
    return this.holders.get(id);
  }

  /** Recorded failures of the callback so far; the next claim is attempt number one higher. */
  failuresOf(id: string): number {
    return this.failed.get(id) ?? 0;
  }

  endOf(id: string): Ended | undefined {
    return this.ended.get(id);
  }
}

/** The slot did not take the allocation; another one may. */
function isFailure({ by }: AllocationEnd): boolean {
  return by === 'CallbackRefused' || by === 'CallbackTimedOut';
}

function bounded<Key, Value>(map: Map<Key, Value>, max: number): Map<Key, Value> {
  if (map.size >= max) {
    const [oldest] = map.keys();
    map.delete(oldest as Key);
  }
  return map;
}
