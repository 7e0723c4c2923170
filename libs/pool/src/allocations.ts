import { allocationOf, BEYOND_MAXIMUM, statusOf, type AllocationEnd, type SlotState } from '#slot';
import { Remembered } from './remembered.js';

export interface Ended {
  readonly subject: string;
  readonly end: AllocationEnd;
}

/** The slot's session under an id, and whether it still goes on. */
interface Hold {
  readonly id: string;
  readonly isLive: boolean;
}

/** Two slots that serve one allocation: what must never be. */
export interface Twice {
  readonly allocationId: string;
  readonly subjects: readonly [string, string];
}

/**
 * Which slot serves which allocation, how many tries of it have failed, and how it ended. Learned
 * from states alone, so it can be rebuilt from any part of the log.
 */
export class Allocations {
  private readonly holders = new Map<string, string>();
  private readonly heldBy = new Map<string, Hold>();
  private readonly failed: Remembered<number>;
  /** Of the tries that failed, those that were one too many for a fleet. */
  private readonly beyond: Remembered<number>;
  private readonly ended: Remembered<Ended>;
  private readonly doubles = new Map<string, Twice>();
  private forgottenBefore = -Infinity;

  /** `rememberedMax`: ended ids, and ids with failures, kept at most. */
  constructor(rememberedMax: number) {
    this.failed = new Remembered(rememberedMax);
    this.beyond = new Remembered(rememberedMax);
    this.ended = new Remembered(rememberedMax);
  }

  /** Takes the present of a slot. */
  learn(subject: string, state: SlotState): void {
    const hold = holdOf(state);
    const before = this.heldBy.get(subject);
    if (before !== undefined && before.id !== hold?.id) this.release(subject, before.id);
    if (hold === undefined) this.heldBy.delete(subject);
    else {
      this.heldBy.set(subject, hold);
      this.settle(subject, hold);
    }
    this.remember(subject, state);
  }

  /** Takes what any state, present or past, tells of how allocations ended. */
  remember(subject: string, { context: { lastEnd } }: SlotState): void {
    if (lastEnd === null) return;
    const { allocationId, attempt, at } = lastEnd;
    // A slot carries its last end with it for as long as it has no other, be it for weeks.
    if (at < this.forgottenBefore) return;
    if (isFailure(lastEnd)) {
      if (attempt <= this.failuresOf(allocationId)) return;
      this.failed.set(allocationId, at, attempt);
      if (lastEnd.reason !== BEYOND_MAXIMUM) return;
      this.beyond.set(allocationId, at, (this.beyond.get(allocationId) ?? 0) + 1);
    } else if (at > (this.endOf(allocationId)?.end.at ?? -Infinity)) {
      this.ended.set(allocationId, at, { subject, end: lastEnd });
    }
  }

  /** Forgets what ended before `at` (epoch ms), and learns nothing of that time any more. */
  forgetBefore(at: number): void {
    this.forgottenBefore = at;
    this.failed.forgetBefore(at);
    this.beyond.forgetBefore(at);
    this.ended.forgetBefore(at);
  }

  /** Ids that ended or failed and are remembered, and how many had to go before their time. */
  get remembered(): { readonly ids: number; readonly forgottenEarly: number } {
    return {
      ids: this.ended.size + this.failed.size,
      forgottenEarly: this.ended.forgottenEarly + this.failed.forgottenEarly,
    };
  }

  /** The allocations that two slots serve. */
  get twice(): Iterable<Twice> {
    return this.doubles.values();
  }

  /** The subject of the slot that holds the allocation, or held it and is not cleared yet. */
  holderOf(id: string): string | undefined {
    return this.holders.get(id);
  }

  /** Recorded failures of the callback so far; the next claim is attempt number one higher. */
  failuresOf(id: string): number {
    return this.failed.get(id) ?? 0;
  }

  /** The failures that servers are to blame for: not those of a fleet at its maximum. */
  serverFailuresOf(id: string): number {
    return this.failuresOf(id) - (this.beyond.get(id) ?? 0);
  }

  endOf(id: string): Ended | undefined {
    return this.ended.get(id);
  }

  /** A slot whose session goes on comes before one that is yet to be cleared. */
  private settle(subject: string, { id, isLive }: Hold): void {
    if (!isLive) this.forgetTwice(subject, id);
    const other = this.holders.get(id);
    const otherIsLive =
      other !== undefined && other !== subject && this.heldBy.get(other)?.isLive === true;
    if (!otherIsLive) this.holders.set(id, subject);
    else if (isLive) this.doubles.set(id, { allocationId: id, subjects: [other, subject] });
  }

  private release(subject: string, id: string): void {
    this.forgetTwice(subject, id);
    if (this.holders.get(id) === subject) this.holders.delete(id);
  }

  /** One of two is out: the other one holds the allocation. */
  private forgetTwice(subject: string, id: string): void {
    const double = this.doubles.get(id);
    const other = double?.subjects.find((each) => each !== subject);
    if (double === undefined || other === undefined || !double.subjects.includes(subject)) return;
    this.doubles.delete(id);
    this.holders.set(id, other);
  }
}

function holdOf(state: SlotState): Hold | undefined {
  const id = allocationOf(state)?.id;
  // A slot that is retired is never cleared: what it held last is history.
  return id === undefined || statusOf(state) === 'retired'
    ? undefined
    : { id, isLive: statusOf(state) === 'allocated' };
}

/** The slot did not take the allocation; another one may. */
function isFailure({ by }: AllocationEnd): boolean {
  return by === 'CallbackRefused' || by === 'CallbackTimedOut';
}
