import { Counter } from '../collections/counter.js';
import type { SlotEntry } from '../slot-entry.js';
import type { SlotHead } from '../slot-head.js';

/** The part of `SlotTable` that anyone may read. */
export type KnownSlots = Pick<
  SlotTable,
  'size' | 'all' | 'retired' | 'get' | 'sequenceOf' | 'isQuarantined' | 'hasConfigured' | 'hasFleet'
>;

/** Every known slot, by its subject. */
export class SlotTable {
  private readonly entries = new Map<string, SlotEntry>();
  /** Slots whose last event is unreadable, with its sequence. */
  private readonly quarantined = new Map<string, number>();
  private readonly retiredEntries = new Set<SlotEntry>();
  private readonly configured = new Counter();
  private readonly fleets = new Counter();

  get size(): number {
    return this.entries.size;
  }

  /** Every slot. The cost grows with the number of slots: not for frequent calls. */
  get all(): Iterable<SlotHead> {
    return heads(this.entries.values());
  }

  /** The slots that are out of service for ever but still in the log. */
  get retired(): Iterable<SlotHead> {
    return heads(this.retiredEntries);
  }

  get(subject: string): SlotHead | undefined {
    return this.entries.get(subject)?.head;
  }

  entry(subject: string): SlotEntry | undefined {
    return this.entries.get(subject);
  }

  /** The sequence that the next append to the slot must expect; 0 if the slot is unknown. */
  sequenceOf(subject: string, entry = this.entries.get(subject)): number {
    return this.quarantined.get(subject) ?? entry?.head.sequence ?? 0;
  }

  /** Whether the slot's last event is unreadable. */
  isQuarantined(subject: string): boolean {
    return this.quarantined.has(subject);
  }

  /** Whether the agent of any slot is set to this build configuration. */
  hasConfigured(buildConfiguration: string): boolean {
    return this.configured.has(buildConfiguration);
  }

  /** Whether the log tells of any slot of this fleet, be it a retired one. */
  hasFleet(fleet: string): boolean {
    return this.fleets.has(fleet);
  }

  /** Takes the entry's new head; `before` is its previous head. */
  put(entry: SlotEntry, before: SlotHead | undefined): void {
    const { subject, state } = entry.head;
    if (before === undefined) this.entries.set(subject, entry);
    this.configured.move(configuredIn(before), configuredIn(entry.head));
    this.fleets.move(fleetIn(before), fleetIn(entry.head));
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
    this.fleets.move(fleetIn(entry.head), undefined);
  }
}

function* heads(entries: Iterable<SlotEntry>): Iterable<SlotHead> {
  for (const { head } of entries) yield head;
}

function configuredIn(head: SlotHead | undefined): string | undefined {
  const state = head?.state;
  return state?.value === 'retired' ? undefined : state?.context.offer?.buildConfiguration;
}

function fleetIn(head: SlotHead | undefined): string | undefined {
  return head?.state.context.offer?.fleet;
}
