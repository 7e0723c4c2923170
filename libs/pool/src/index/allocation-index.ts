import { allocationOf, statusOf, type AllocationEnd, type SlotState } from '#slot';
import { TtlMap } from '../collections/ttl-map.js';
import type { SlotEntry } from '../slot-entry.js';
import type { SlotHead } from '../slot-head.js';

export interface Ended {
  readonly subject: string;
  readonly end: AllocationEnd;
}

/** An attempt that failed, on one slot. */
export interface Tried {
  readonly attempt: number;
  readonly subject: string;
  /** The type of the event that ended it. */
  readonly by: string;
  readonly reason: string;
  /** Epoch ms. */
  readonly at: number;
}

/** The failed attempts of one allocation. */
interface Failed {
  /** Of the last of them. */
  readonly attempt: number;
  readonly reason: string;
  /** The last `TRIED_MAX` of them, in their order. */
  readonly tried: readonly Tried[];
}

/** Failed attempts of one allocation that are remembered one by one. */
const TRIED_MAX = 8;

/** Two slots that serve the same allocation, which must never happen. */
export interface DuplicateAllocation {
  readonly allocationId: string;
  readonly subjects: readonly [string, string];
}

/** The session that a slot has, or had and is not cleared of yet. */
interface Session {
  readonly id: string;
  readonly isLive: boolean;
}

/** The part of `AllocationIndex` that anyone may use. */
export type KnownAllocations = Omit<AllocationIndex, 'put'>;

/**
 * Which slot serves each allocation, how many of its attempts have failed, and how it ended.
 * Learned from slot states alone, so it can be rebuilt from any part of the log.
 */
export class AllocationIndex {
  private readonly holders = new Map<string, SlotEntry>();
  private readonly failed: TtlMap<Failed>;
  /** How many of an allocation's failed attempts were taken back. */
  private readonly withdrawn: TtlMap<number>;
  private readonly ended: TtlMap<Ended>;
  private readonly duplicated = new Map<string, readonly [SlotEntry, SlotEntry]>();
  private forgottenBefore = -Infinity;

  /** `rememberedMax`: the greatest number of ended ids, and of ids with failures, that are kept. */
  constructor(rememberedMax: number) {
    this.failed = new TtlMap(rememberedMax);
    this.withdrawn = new TtlMap(rememberedMax);
    this.ended = new TtlMap(rememberedMax);
  }

  /** Takes the slot's new head; `before` is its previous head. */
  put(entry: SlotEntry, before: SlotHead | undefined): void {
    const { subject, state } = entry.head;
    const session = sessionIn(state);
    const known = before === undefined ? undefined : sessionIn(before.state);
    if (known !== undefined && known.id !== session?.id) this.release(entry, known.id);
    if (session !== undefined) this.hold(entry, session);
    this.remember(subject, state);
  }

  /** Learns from any state, present or past, how allocations ended. */
  remember(subject: string, { context: { lastEnd } }: SlotState): void {
    if (lastEnd === null) return;
    // A slot carries its last end until its next allocation ends, maybe for weeks.
    if (lastEnd.at < this.forgottenBefore) return;
    switch (lastEnd.outcome) {
      case 'over':
        return this.rememberEnd(subject, lastEnd);
      case 'failed':
      case 'withdrawn':
        return this.rememberFailure(subject, lastEnd);
      default:
        return lastEnd.outcome satisfies never;
    }
  }

  /**
   * Forgets what ended before `at` (epoch ms), and ignores ends from before that time from now on.
   */
  forgetBefore(at: number): void {
    this.forgottenBefore = at;
    this.failed.forgetBefore(at);
    this.withdrawn.forgetBefore(at);
    this.ended.forgetBefore(at);
  }

  /** How many ended or failed ids are remembered, and how many were forgotten before their time. */
  get remembered(): { readonly ids: number; readonly forgottenEarly: number } {
    return {
      ids: this.ended.size + this.failed.size,
      forgottenEarly: this.ended.forgottenEarly + this.failed.forgottenEarly,
    };
  }

  /** The allocations that two slots serve at the same time. */
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

  /** Recorded failed attempts so far; the next claim is the attempt with the next higher number. */
  failuresOf(id: string): number {
    return this.failed.get(id)?.attempt ?? 0;
  }

  /** Why the last attempt failed, for people; empty if none failed. */
  lastFailureOf(id: string): string {
    return this.failed.get(id)?.reason ?? '';
  }

  /** The attempts that failed, as far as they are remembered one by one; the last is the last. */
  triedFor(id: string): readonly Tried[] {
    return this.failed.get(id)?.tried ?? [];
  }

  /** The failures that a server is to blame for: all but the attempts that were taken back. */
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

  private rememberFailure(subject: string, end: AllocationEnd): void {
    const { allocationId, attempt, outcome, reason, at } = end;
    const known = this.failed.get(allocationId);
    // History is read after the present, so earlier attempts may come after later ones.
    if (known?.tried.some((one) => one.attempt === attempt) === true) return;
    const tried = [...(known?.tried ?? []), { attempt, subject, by: end.by, reason, at }]
      .sort((one, other) => one.attempt - other.attempt)
      .slice(-TRIED_MAX);
    if (known !== undefined && attempt <= known.attempt) {
      return this.failed.set(allocationId, at, { ...known, tried });
    }
    this.failed.set(allocationId, at, { attempt, reason, tried });
    if (outcome !== 'withdrawn') return;
    this.withdrawn.set(allocationId, at, (this.withdrawn.get(allocationId) ?? 0) + 1);
  }

  /** A slot whose session goes on takes precedence over one that is not cleared yet. */
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

  /** One of two holders is gone: the other one holds the allocation. */
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
  // A retired slot is never cleared: its last allocation is history.
  return id === undefined || statusOf(state) === 'retired'
    ? undefined
    : { id, isLive: statusOf(state) === 'allocated' };
}
