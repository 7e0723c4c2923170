import { connectNats, JetStreamEventLog, slotStreamName } from '#jetstream';
import type { LogItem } from '#kernel';
import { SystemClock } from '#service-runtime';
import type { SlotEvent, SlotState } from '#slot';
import { slotRecordCodec, slotName, slotOfSubject, slotsSubject, type SlotRecord } from '#wire';
import { inTime } from './in-time.js';

/** How long a condition may take to become true (ms). */
const UNTIL_MS = 60_000;

/** What the log says about one slot. */
export interface Seen {
  state: SlotState;
  readonly events: SlotEvent[];
}

/** The log of a region's slots, followed from the beginning. */
export class SeenLog {
  /** By their names. */
  readonly slots = new Map<string, Seen>();
  /** The state of the slot after each event, in order. */
  readonly history: { readonly slot: string; readonly state: SlotState }[] = [];
  /** Whether every message can be read; a test that writes another one says so. */
  isSound = true;
  private readonly waiting = new Set<() => void>();
  private closeLog: () => Promise<void> = () => Promise.resolve();

  async follow(servers: string, region: string): Promise<void> {
    const clock = new SystemClock();
    const connection = await connectNats({ servers, name: 'spec' });
    const stream = slotStreamName(region);
    const log = await JetStreamEventLog.open(connection, { stream, codec: slotRecordCodec, clock });
    for (;;) {
      try {
        const watching = await log.watch(slotsSubject(region), {
          receive: (item) => this.receive(item),
          startedOver: () => this.slots.clear(),
        });
        this.closeLog = async () => {
          watching.close();
          await connection.close();
        };
        return;
      } catch {
        // The allocator creates the log; it may not exist yet.
        await clock.sleep(100);
      }
    }
  }

  close(): Promise<void> {
    return this.closeLog();
  }

  /**
   * Resolves as soon as the condition is true according to the log; fails after a minute, with the
   * last events of all slots.
   */
  async until(isSo: () => boolean): Promise<void> {
    let look = (): void => undefined;
    const isTrue = new Promise<void>((resolve) => {
      look = () => {
        if (isSo()) resolve();
      };
    });
    this.waiting.add(look);
    look();
    try {
      await inTime(`the log says that ${String(isSo)}`, isTrue, UNTIL_MS, () => this.told());
    } finally {
      this.waiting.delete(look);
    }
  }

  /** The last events of each slot, for messages. */
  private told(): string {
    const slots = [...this.slots].map(([slot, { state, events }]) => {
      const types = events.slice(-4).map(({ type }) => type);
      return `${slot}: ${JSON.stringify(state.value)} after ${types.join(', ')}`;
    });
    return `It says:\n${slots.join('\n')}`;
  }

  private receive(item: LogItem<SlotRecord>): void {
    if (item.kind === 'unreadable') {
      if (this.isSound) throw new Error(item.reason);
      return;
    }
    const { event, state } = item.record;
    const slot = slotName(slotOfSubject(item.subject));
    const seen = this.slots.get(slot) ?? { state, events: [] };
    seen.state = state;
    seen.events.push(event);
    this.slots.set(slot, seen);
    this.history.push({ slot, state });
    for (const look of this.waiting) look();
  }
}
