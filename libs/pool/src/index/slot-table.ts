import { Counter } from '../collections/counter.js';
import type { SlotEntry } from '../slot-entry.js';
import type { SlotHead } from '../slot-head.js';

/** What of it is there for all to read. */
export type KnownSlots = Pick<
  SlotTable,
  'size' | 'all' | 'retired' | 'get' | 'sequenceOf' | 'isQuarantined' | 'hasConfigured'
>;

/** Every slot that is known, by its subject. */
export class SlotTable {
  private readonly entries = new Map<string, SlotEntry>();
  /** Slots on which an unreadable event stands, and its sequence. */
  private readonly quarantined = new Map<string, number>();
  private readonly retiredEntries = new Set<SlotEntry>();
  private readonly configured = new Counter();

  get size(): number {
    return this.entries.size;
  }

  /** Every slot. Cost grows with their number: not for what is done often. */
  get all(): Iterable<SlotHead> {
    return heads(this.entries.values());
  }

  /** The slots that are out of service for ever, and that the log still tells of. */
  get retired(): Iterable<SlotHead> {
    return heads(this.retiredEntries);
  }

  get(subject: string): SlotHead | undefined {
    return this.entries.get(subject)?.head;
  }

  entry(subject: string): SlotEntry | undefined {
    return this.entries.get(subject);
  }

  /** What the next append to the slot must expect as its last sequence; 0: nothing is known. */
  sequenceOf(subject: string): number {
    return this.quarantined.get(subject) ?? this.entries.get(subject)?.head.sequence ?? 0;
  }

  /** Whether an unreadable event stands on the slot. */
  isQuarantined(subject: string): boolean {
    return this.quarantined.has(subject);
  }

  /** Whether any slot's agent is set to this build configuration. */
  hasConfigured(buildConfiguration: string): boolean {
    return this.configured.has(buildConfiguration);
  }

  /** Takes the entry's head; `before`: the head before. */
  put(entry: SlotEntry, before: SlotHead | undefined): void {
    const { subject, state } = entry.head;
    if (before === undefined) this.entries.set(subject, entry);
    this.configured.move(configuredIn(before), configuredIn(entry.head));
    this.quarantined.delete(subject);
    if (state.value === 'retired') this.retiredEntries.add(entry);
  }

  quarantine(subject: string, sequence: number): void {
    this.quarantined.set(subject, sequence);
  }

  delete(subject: string): void {
    this.quarantined.delete(subject);
    const entry = this.entries.get(subject);
    if (entry === undefined) return;
    this.entries.delete(subject);
    this.retiredEntries.delete(entry);
  }
}

function* heads(entries: Iterable<SlotEntry>): Iterable<SlotHead> {
  for (const { head } of entries) yield head;
}

function configuredIn(head: SlotHead | undefined): string | undefined {
  const state = head?.state;
  return state?.value === 'retired' ? undefined : state?.context.offer?.buildConfiguration;
}
