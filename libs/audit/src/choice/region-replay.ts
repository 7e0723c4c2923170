import type { LogItem } from '#kernel';
import type { SlotEvent, SlotState } from '#slot';
import type { SlotRecord } from '#wire';

/** So many changes are kept: an allocator that lags further behind refuses requests. */
export const KEPT_MAX = 4_096;

/** A slot's place and state after one of its events. */
export interface Head {
  readonly subject: string;
  readonly sequence: number;
  readonly state: SlotState;
  /** Whether its newest message cannot be read; `state` is then the one before it. */
  readonly isUnreadable: boolean;
}

/** One event, and the slot before and after it. */
export interface Change {
  readonly sequence: number;
  /** Epoch ms. */
  readonly at: number;
  readonly event: SlotEvent;
  /** The writer of the event. */
  readonly source: string;
  readonly before: Head | undefined;
  readonly after: Head;
}

/** The slots of a region as they are after each event, and the events just before. */
export class RegionReplay {
  private readonly slots = new Map<string, Head>();
  private readonly changes: Change[] = [];

  get heads(): Iterable<Head> {
    return this.slots.values();
  }

  /** The changes before now, the newest last. */
  get recent(): readonly Change[] {
    return this.changes.slice(-KEPT_MAX);
  }

  /** What the next event changes; undefined if it cannot be read. */
  read(item: LogItem<SlotRecord>): Change | undefined {
    const { subject, sequence } = item;
    const before = this.slots.get(subject);
    if (item.kind === 'recorded') {
      const { event, state, source } = item.record;
      const after = { subject, sequence, state, isUnreadable: false };
      return { sequence, at: event.at, event, source, before, after };
    }
    if (before !== undefined) this.slots.set(subject, { ...before, sequence, isUnreadable: true });
    return undefined;
  }

  apply(change: Change): void {
    const { after } = change;
    if (after.state.value === 'retired') this.slots.delete(after.subject);
    else this.slots.set(after.subject, after);
    this.changes.push(change);
    if (this.changes.length >= 2 * KEPT_MAX) this.changes.splice(0, KEPT_MAX);
  }
}
