import type { LogConsumer, LogItem } from '#kernel';
import {
  blank,
  servesProject,
  statusOf,
  type Offer,
  type SlotRef,
  type SlotState,
  type SlotStatus,
} from '#slot';
import { slotName, slotOfSubject, type SlotRecord } from '#wire';
import { currentCaller, mayKnow, type Caller } from '../../auth/caller.js';

export interface SlotEntry {
  readonly name: string;
  readonly ref: SlotRef;
  /** Sequence of the slot's last message. */
  readonly sequence: number;
  readonly state: SlotState;
  /**
   * Why the last message could not be read; `state` is then the one before it. Null if it was read.
   */
  readonly unreadable: string | null;
}

export interface SlotFilter {
  readonly region?: string | undefined;
  readonly fleet?: string | undefined;
  readonly status?: SlotStatus | undefined;
}

const UNKNOWN: SlotState = { value: 'unregistered', context: blank };

/**
 * The present of every slot, in memory, fed from the log; callers see the regions and the sessions
 * that they may know. It may be a moment behind, so no decision is based on it.
 */
export class SlotView implements LogConsumer<SlotRecord> {
  private readonly entries = new Map<string, SlotEntry>();
  private readonly holders = new Map<string, string>();
  private readonly lastHolders = new Map<string, string>();
  private readonly sequences = new Map<string, number>();
  /** Names in order, for paging; built anew after slots have come or gone. */
  private names: readonly string[] | null = null;

  receive(item: LogItem<SlotRecord>): void {
    const ref = slotOfSubject(item.subject);
    const name = slotName(ref);
    this.sequences.set(ref.region, Math.max(this.latest(ref.region), item.sequence));
    const before = this.entries.get(name);
    if (before !== undefined && before.sequence >= item.sequence) return;
    const isRead = item.kind === 'recorded';
    this.put(before, {
      name,
      ref,
      sequence: item.sequence,
      state: isRead ? item.record.state : (before?.state ?? UNKNOWN),
      unreadable: isRead ? null : item.reason,
    });
  }

  /** Drops everything received of a region, because its log is another one now. */
  forget(region: string): void {
    this.sequences.delete(region);
    for (const [name, { ref }] of this.entries)
      if (ref.region === region) this.entries.delete(name);
    for (const index of [this.holders, this.lastHolders]) {
      for (const [id, name] of index) if (name.startsWith(`${region}.`)) index.delete(id);
    }
    this.names = null;
  }

  get(name: string): SlotEntry | undefined {
    return this.seen(name);
  }

  /** The slot that has the allocation's session. */
  holderOf(allocationId: string): SlotEntry | undefined {
    return this.seen(this.holders.get(allocationId));
  }

  /** The slot on which the allocation ended, until a later one has ended there. */
  lastHolderOf(allocationId: string): SlotEntry | undefined {
    return this.seen(this.lastHolders.get(allocationId));
  }

  /** Sequence of the newest message seen in a region; 0 before the first. */
  latest(region: string): number {
    return this.sequences.get(region) ?? 0;
  }

  /** Slots after `after`, in the order of their names; `next` is the `after` of the next page. */
  page(filter: SlotFilter, after: string | undefined, limit: number) {
    const entries: SlotEntry[] = [];
    for (const entry of this.inOrder(filter, after)) {
      if (entries.length === limit) return { entries, next: entries.at(-1)?.name };
      entries.push(entry);
    }
    return { entries, next: undefined };
  }

  /** Slots after `after`, in the order of their names. */
  *inOrder(filter: SlotFilter, after?: string): Iterable<SlotEntry> {
    const caller = currentCaller();
    const names = (this.names ??= [...this.entries.keys()].sort());
    for (let i = after === undefined ? 0 : firstBehind(names, after); i < names.length; i += 1) {
      const entry = this.entries.get(names[i] ?? '');
      if (entry === undefined || !fits(entry, filter)) continue;
      if (!caller.mayUse(entry.ref.region)) continue;
      const seen = seenBy(caller, entry);
      // A slot that has another project's session now is not listed.
      if (seen?.state.context.allocation === entry.state.context.allocation) yield seen;
    }
  }

  /** What slots offer to requests of the caller, whether they are free or not. */
  *offers(filter: SlotFilter): Iterable<Offer> {
    const caller = currentCaller();
    for (const entry of this.entries.values()) {
      const { offer } = entry.state.context;
      if (offer === null || !fits(entry, filter) || !caller.mayUse(entry.ref.region)) continue;
      if (!caller.isConfined || servesProject(offer, caller.project)) yield offer;
    }
  }

  private seen(name = ''): SlotEntry | undefined {
    const entry = this.entries.get(name);
    const caller = currentCaller();
    return entry && caller.mayUse(entry.ref.region) ? seenBy(caller, entry) : undefined;
  }

  private put(before: SlotEntry | undefined, entry: SlotEntry): void {
    const { name, state } = entry;
    reindex(this.holders, name, holding(before?.state), holding(state));
    reindex(this.lastHolders, name, endOf(before?.state), endOf(state));
    // A slot's name is never used again, so a retired slot would be kept for ever.
    if (statusOf(state) === 'retired') this.entries.delete(name);
    else this.entries.set(name, entry);
    if (this.entries.has(name) !== (before !== undefined)) this.names = null;
  }
}

function reindex(
  index: Map<string, string>,
  name: string,
  before: string | undefined,
  after: string | undefined,
): void {
  // Another slot may have the allocation by now: its entry must stay.
  if (before !== undefined && before !== after && index.get(before) === name) index.delete(before);
  if (after !== undefined) index.set(after, name);
}

/** What the caller may know of the slot: nothing if its sessions are all of other projects. */
function seenBy(caller: Caller, entry: SlotEntry): SlotEntry | undefined {
  if (!caller.isConfined) return entry;
  const { context } = entry.state;
  const isKnown = (id: string | undefined) => id !== undefined && mayKnow(id, caller);
  const allocation = isKnown(context.allocation?.id) ? context.allocation : null;
  const lastEnd = isKnown(context.lastEnd?.allocationId) ? context.lastEnd : null;
  if (allocation === null && lastEnd === null) return undefined;
  return { ...entry, state: { ...entry.state, context: { ...context, allocation, lastEnd } } };
}

function holding(state: SlotState | undefined): string | undefined {
  return state !== undefined && statusOf(state) === 'allocated'
    ? state.context.allocation?.id
    : undefined;
}

function endOf(state: SlotState | undefined): string | undefined {
  if (state === undefined || statusOf(state) === 'retired') return undefined;
  return state.context.lastEnd?.allocationId;
}

function fits({ ref, state }: SlotEntry, { region, fleet, status }: SlotFilter): boolean {
  return (
    (region === undefined || ref.region === region) &&
    (fleet === undefined || state.context.offer?.fleet === fleet) &&
    (status === undefined || statusOf(state) === status)
  );
}

/** Index of the first name greater than `name`, by binary search. */
function firstBehind(names: readonly string[], name: string): number {
  let low = 0;
  let high = names.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((names[middle] ?? '') > name) high = middle;
    else low = middle + 1;
  }
  return low;
}
