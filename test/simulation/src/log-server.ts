import {
  CannotStore,
  TransientError,
  type Append,
  type LogItem,
  type ReadFrom,
  type Verdict,
} from '#kernel';
import { MemoryEventLog } from '#memory';
import { matches, slotRecordCodec, type SlotRecord } from '#wire';
import type { Breakage } from './breakage.js';
import type { Counts } from './counts.js';
import type { Judge } from './judge.js';
import type { Life } from './life.js';
import type { Schedule } from './schedule.js';
import type { Timeline } from './timeline.js';

export const UNKNOWN: Verdict = {
  kind: 'unknown',
  cause: new TransientError('no answer from the log'),
};

const UNREADABLE = Buffer.from('no event at all');

interface Shared {
  readonly timeline: Timeline;
  readonly schedule: Schedule;
  readonly judge: Judge;
  readonly breakage: Breakage;
  readonly counts: Counts;
}

/** The log itself, which is not a process: it may be unreachable, and may lose its end. */
export class LogServer {
  /** Stored items in order, parsed once for all readers. */
  readonly items: LogItem<SlotRecord>[] = [];
  private readonly storedAt: number[] = [];
  private readonly memory: MemoryEventLog<SlotRecord>;
  readonly listeners = new Set<(item: LogItem<SlotRecord>) => void>();
  private readonly last = new Map<string, number>();
  private awayUntil = 0;
  private fullUntil = 0;
  /**
   * How often the log went back. Messages that were sent before are lost with their connections.
   */
  epoch = 0;
  /** Processes whose connections break when the log goes back; called with its new end. */
  readonly connected = new Set<(last: number) => void>();

  constructor(private readonly world: Shared) {
    const { timeline, schedule, judge } = world;
    this.memory = new MemoryEventLog(slotRecordCodec, {
      clock: timeline,
      first: schedule.setting.first,
      onError: (error) => judge.violated('the simulation itself works', String(error)),
    });
    void this.memory.follow(0, { receive: (item) => this.receive(item) });
  }

  get isAway(): boolean {
    return this.world.timeline.now() < this.awayUntil;
  }

  goAway(forMs: number): void {
    this.awayUntil = Math.max(this.awayUntil, this.world.timeline.now() + forMs);
  }

  get isFull(): boolean {
    return this.world.timeline.now() < this.fullUntil;
  }

  fill(forMs: number): void {
    this.fullUntil = Math.max(this.fullUntil, this.world.timeline.now() + forMs);
  }

  /** Anything that is stored comes here first. Throws `CannotStore` if there is no room. */
  needsRoom(): void {
    if (this.isFull) throw new CannotStore('no-room', 'the log has no room', 'wait');
  }

  /** Stores what nobody can read, as a faulty writer would. */
  spoil(subject: string): void {
    this.world.judge.spoils(subject);
    this.memory.corrupt(subject, UNREADABLE);
  }

  /** Loses what was stored within the last `byMs` milliseconds, and is away for `awayMs`. */
  goBack(byMs: number, awayMs: number): void {
    const since = this.world.timeline.now() - byMs;
    const found = this.storedAt.findIndex((at) => at >= since);
    const last = found < 0 ? this.items.length : found;
    this.world.counts.forgotten += this.items.length - last;
    this.items.length = this.storedAt.length = last;
    this.memory.goBack(last);
    this.last.clear();
    for (const { subject, sequence } of this.items) this.last.set(subject, sequence);
    this.epoch += 1;
    this.goAway(awayMs);
    this.world.judge.wentBack(this.items);
    for (const tell of [...this.connected]) tell(last);
  }

  /** Runs once the log can be reached. */
  whenBack(life: Life, action: () => void): void {
    const leftMs = this.awayUntil - this.world.timeline.now();
    if (leftMs <= 0) action();
    else life.after(leftMs, () => this.whenBack(life, action));
  }

  async store(append: Append<SlotRecord>): Promise<Verdict> {
    if (this.isAway) return UNKNOWN;
    if (this.isFull && this.world.breakage.withoutRefusing) {
      return { kind: 'stored', sequence: this.items.length + 1 };
    }
    this.needsRoom();
    const last = this.last.get(append.subject) ?? 0;
    const verdict = await this.memory.append(this.weakened(append));
    if (verdict.kind === 'stored') {
      const { subject, expected } = append;
      this.world.judge.appended(subject, expected, last);
    }
    return verdict;
  }

  /** The last item of each matching subject, in order. */
  present(filter: string | readonly string[]): readonly LogItem<SlotRecord>[] {
    const found = new Map<string, LogItem<SlotRecord>>();
    for (const item of this.items) {
      found.delete(item.subject);
      found.set(item.subject, item);
    }
    return [...found.values()].filter(({ subject }) => matchesAny(filter, subject));
  }

  read(filter: string, from: ReadFrom = { sequence: 1 }): readonly LogItem<SlotRecord>[] {
    const first =
      'sequence' in from ? from.sequence - 1 : this.storedAt.findIndex((at) => at >= from.at);
    if (first < 0) return [];
    return this.items.slice(first).filter(({ subject }) => matches(filter, subject));
  }

  private weakened(append: Append<SlotRecord>): Append<SlotRecord> {
    const { withoutCompareAndSet, withoutDeduplication } = this.world.breakage;
    const { subject, record, deduplicationId } = append;
    const expected = withoutCompareAndSet ? (this.last.get(subject) ?? 0) : append.expected;
    return deduplicationId === undefined || withoutDeduplication
      ? { subject, expected, record }
      : { subject, expected, record, deduplicationId };
  }

  private receive(item: LogItem<SlotRecord>): void {
    this.items.push(item);
    this.last.set(item.subject, item.sequence);
    this.storedAt.push(this.world.timeline.now());
    this.world.counts.events += 1;
    if (isBeyond(item)) this.world.counts.beyond += 1;
    if (isRestored(item)) this.world.counts.restored += 1;
    this.world.judge.stored(item);
    for (const listener of this.listeners) listener(item);
  }
}

/** Whether the subject matches the filter, or one of several. */
export function matchesAny(filter: string | readonly string[], subject: string): boolean {
  return [filter].flat().some((one) => matches(one, subject));
}

function isRestored(item: LogItem<SlotRecord>): boolean {
  return item.kind === 'recorded' && item.record.event.type === 'SessionRestored';
}

/** Whether the event takes back a claim that was one too many for its fleet. */
function isBeyond(item: LogItem<SlotRecord>): boolean {
  const event = item.kind === 'recorded' ? item.record.event : undefined;
  return event?.type === 'CallbackRefused' && event.cause === 'fleet-maximum';
}
