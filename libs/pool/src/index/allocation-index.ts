import { allocationOf, statusOf, type AllocationEnd, type SlotState } from '#slot';
import { TtlMap } from '../collections/ttl-map.js';
import type { SlotEntry } from '../slot-entry.js';
import type { SlotHead } from '../slot-head.js';

export interface Ended {
  readonly subject: string;
  readonly end: AllocationEnd;
}

/** Two slots that serve one allocation: what must never be. */
export interface DuplicateAllocation {
  readonly allocationId: string;
  readonly subjects: readonly [string, string];
}

/** The session that a slot has, or had and is not cleared of yet. */
interface Session {
  readonly id: string;
  readonly isLive: boolean;
}

/** What of it is there for all to use. */
export type KnownAllocations = Omit<AllocationIndex, 'put'>;

/**
 * Which slot serves which allocation, how many attempts of it have failed, and how it ended. Learned
 * from states alone, so it can be rebuilt from any part of the log.
 */
export class AllocationIndex {
  private readonly holders = new Map<string, SlotEntry>();
  private readonly failed: TtlMap<{ readonly attempt: number; readonly reason: string }>;
  /** Of the attempts that failed, those that were taken back. */
  private readonly withdrawn: TtlMap<number>;
  private readonly ended: TtlMap<Ended>;
  private readonly duplicated = new Map<string, readonly [SlotEntry, SlotEntry]>();
  private forgottenBefore = -Infinity;

  /** `rememberedMax`: ended ids, and ids with failures, kept at most. */
  constructor(rememberedMax: number) {
    this.failed = new TtlMap(rememberedMax);
    this.withdrawn = new TtlMap(rememberedMax);
    this.ended = new TtlMap(rememberedMax);
  }

  /** Takes the slot's head; `before`: the head before. */
  put(entry: SlotEntry, before: SlotHead | undefined): void {
    const { subject, state } = entry.head;
    const session = sessionIn(state);
    const known = before === undefined ? undefined : sessionIn(before.state);
    if (known !== undefined && known.id !== session?.id) this.release(entry, known.id);
    if (session !== undefined) this.hold(entry, session);
    this.remember(subject, state);
  }

  /** Takes what any state, present or past, tells of how allocations ended. */
  remember(subject: string, { context: { lastEnd } }: SlotState): void {
    if (lastEnd === null) return;
    // A slot carries its last end with it for as long as it has no other, maybe for weeks.
    if (lastEnd.at < this.forgottenBefore) return;
    switch (lastEnd.outcome) {
      case 'over':
        return this.rememberEnd(subject, lastEnd);
      case 'failed':
      case 'withdrawn':
        return this.rememberFailure(lastEnd);
      default:
        return lastEnd.outcome satisfies never;
    }
  }

  /** Forgets what ended before `at` (epoch ms), and learns nothing of that time any more. */
  forgetBefore(at: number): void {
    this.forgottenBefore = at;
    this.failed.forgetBefore(at);
    this.withdrawn.forgetBefore(at);
    this.ended.forgetBefore(at);
  }

  /** Ids that ended or failed and are remembered, and how many were forgotten before their time. */
  get remembered(): { readonly ids: number; readonly forgottenEarly: number } {
    return {
      ids: this.ended.size + this.failed.size,
      forgottenEarly: this.ended.forgottenEarly + this.failed.forgottenEarly,
    };
  }

  /** The allocations that two slots serve. */
  get duplicates(): Iterable<DuplicateAllocation> {
    return [...this.duplicated].map(([allocationId, [one, other]]) => ({
      allocationId,
      subjects: [one.head.subject, other.head.subject],
    }));
  }

  /** The slot that holds the allocation, or held it and is not cleared yet. */
  holderOf(id: string): SlotHead | undefined {
    return this.holders.get(id)?.head;
  }

  /** Recorded failures of the callback so far; the next claim is attempt number one higher. */
  failuresOf(id: string): number {
    return this.failed.get(id)?.attempt ?? 0;
  }

  /** Why the last attempt failed, for people; empty where none did. */
  lastFailureOf(id: string): string {
    return this.failed.get(id)?.reason ?? '';
  }

  /** The failures that servers are to blame for: not those that were taken back. */
  serverFailuresOf(id: string): number {
    return this.failuresOf(id) - (this.withdrawn.get(id) ?? 0);
  }

  endOf(id: string): Ended | undefined {
    return this.ended.get(id);
  }

  private rememberEnd(subject: string, end: AllocationEnd): void {
    const { allocationId, at } = end;
    if (at <= (this.endOf(allocationId)?.end.at ?? -Infinity)) return;
    this.ended.set(allocationId, at, { subject, end });
  }

  private rememberFailure({ allocationId, attempt, outcome, reason, at }: AllocationEnd): void {
    if (attempt <= this.failuresOf(allocationId)) return;
    this.failed.set(allocationId, at, { attempt, reason });
    if (outcome !== 'withdrawn') return;
    this.withdrawn.set(allocationId, at, (this.withdrawn.get(allocationId) ?? 0) + 1);
  }

  /** A slot whose session goes on comes before one that is yet to be cleared. */
  private hold(entry: SlotEntry, { id, isLive }: Session): void {
    if (!isLive) this.forgetDuplicate(entry, id);
    const other = this.holders.get(id);
    const otherIsLive =
      other !== undefined && other !== entry && sessionIn(other.head.state)?.isLive === true;
    if (!otherIsLive) this.holders.set(id, entry);
    else if (isLive) this.duplicated.set(id, [other, entry]);
  }

  private release(entry: SlotEntry, id: string): void {
    this.forgetDuplicate(entry, id);
    if (this.holders.get(id) === entry) this.holders.delete(id);
  }

  /** One of two is out: the other one holds the allocation. */
  private forgetDuplicate(entry: SlotEntry, id: string): void {
    const duplicate = this.duplicated.get(id);
    if (duplicate?.includes(entry) !== true) return;
    const [one, other] = duplicate;
    this.duplicated.delete(id);
    this.holders.set(id, one === entry ? other : one);
  }
}

function sessionIn(state: SlotState): Session | undefined {
  const id = allocationOf(state)?.id;
  // A slot that is retired is never cleared: what it held last is history.
  return id === undefined || statusOf(state) === 'retired'
    ? undefined
    : { id, isLive: statusOf(state) === 'allocated' };
}
