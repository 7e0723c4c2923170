import {
  Condition,
  LogRefused,
  errorMessage,
  TransientError,
  type Cancel,
  type EventLog,
  type LogItem,
} from '#kernel';
import type { Pool } from '#pool';
import { statusOf } from '#slot';
import type { SlotRecord } from '#wire';
import { eachBounded } from '../bounded.js';
import type { AllocatorPorts } from '../ports.js';
import { ArchiveComparison } from './archive-comparison.js';
import type { SlotWriter } from './slot-writer.js';

const LOOK_EVERY_MS = 60_000;

/** Number of retired slots checked each time: 8 a second. */
const LOOKED_AT_MAX = 500;

/** Number of them that are checked at the same time. */
const AT_ONCE_MAX = 4;

/**
 * How much longer than ids a retired slot is kept (ms): for allocators that read of an end late.
 */
const GRACE_MS = 3_600_000;

/** Pause before a slot that could not be forgotten is checked again (ms). */
const AGAIN_MS = 600_000;

const NOT_ARCHIVED = {
  begins: 'retired slots stay in the log: the archive does not have them yet',
  ends: 'the archive has all retired slots',
  // A slot that is missing there counts only when it is checked.
  calmMs: 2 * AGAIN_MS,
};

const FAILING = {
  ...{ begins: 'retired slots cannot be forgotten', ends: 'retired slots are forgotten again' },
  level: 'error',
} as const;

/**
 * Removes retired slots from the log, so that a starting allocator need not read them. Only after
 * the ids of their sessions may be forgotten too, since starting allocators learn those from the
 * log; and only once the archive has all of it. Any number of allocators may do this: forgetting
 * twice is no error. Nothing is removed where the archive is not of this log.
 */
export class Retention {
  /** When a retired slot is checked next (epoch ms); at once if it has no entry. */
  private readonly lookAt = new Map<string, number>();
  private isLooking = false;
  private missing = 0;
  private cancel: Cancel = () => undefined;
  private readonly notArchived: Condition;
  private readonly failing: Condition;
  private readonly comparison: ArchiveComparison;

  constructor(
    private readonly ports: Pick<AllocatorPorts, 'log' | 'clock' | 'logger'>,
    private readonly archive: EventLog<SlotRecord>,
    private readonly pool: Pool,
    private readonly writer: SlotWriter,
    private readonly keepMs: { readonly ids: number; readonly archive: number },
  ) {
    this.notArchived = new Condition(ports.logger, ports.clock, NOT_ARCHIVED);
    this.failing = new Condition(ports.logger, ports.clock, FAILING);
    this.comparison = new ArchiveComparison(ports, archive);
  }

  start(): void {
    this.cancel = this.ports.clock.every(LOOK_EVERY_MS, () => void this.look());
  }

  stop(): void {
    this.cancel();
  }

  /**
   * Whether an unknown slot was retired and forgotten: it must not be registered as if it were new.
   *
   * @throws {TransientError} the archive does not answer now.
   */
  async hasForgotten(subject: string): Promise<boolean> {
    try {
      return isRetired(await this.archive.last(subject));
    } catch (error) {
      if (error instanceof LogRefused) return false;
      throw error;
    }
  }

  private async look(): Promise<void> {
    if (this.isLooking) return;
    this.isLooking = true;
    try {
      if (await this.comparison.differs()) return;
      this.missing = 0;
      await eachBounded(this.toLookAt(), AT_ONCE_MAX, (subject) => this.consider(subject));
      if (this.missing > 0) this.notArchived.fail('the archive lags', { slots: this.missing });
      else this.notArchived.pass();
      this.failing.pass();
    } catch (error) {
      // The next check is in a minute.
      if (!(error instanceof TransientError)) this.failing.fail(errorMessage(error));
    } finally {
      this.isLooking = false;
    }
  }

  private toLookAt(): readonly string[] {
    const now = this.ports.clock.now();
    const due: string[] = [];
    for (const { subject } of this.pool.slots.retired) {
      if (due.length === LOOKED_AT_MAX) break;
      if ((this.lookAt.get(subject) ?? 0) <= now) due.push(subject);
    }
    return due;
  }

  private async consider(subject: string): Promise<void> {
    const now = this.ports.clock.now();
    const last = await this.ports.log.last(subject);
    if (last === undefined) return this.forgotten(subject);
    if (last.kind !== 'recorded') return this.later(subject, now + AGAIN_MS);
    const { at } = last.record.event;
    const until = at + this.keepMs.ids + GRACE_MS;
    if (now < until) return this.later(subject, until);
    // An event older than the archive keeps need not be in the archive.
    if (now < at + this.keepMs.archive && !(await this.isArchived(last))) {
      this.missing += 1;
      return this.later(subject, now + AGAIN_MS);
    }
    await this.ports.log.forget(subject, last.sequence);
    this.forgotten(subject);
  }

  /**
   * The archive copies in order: if it has the last event at its place, it has all before that too.
   */
  private async isArchived({ subject, sequence, record }: Retired): Promise<boolean> {
    const copy = await this.archive.at(sequence);
    return copy?.kind === 'recorded' && copy.subject === subject && copy.record.id === record.id;
  }

  private later(subject: string, at: number): void {
    this.lookAt.set(subject, at);
  }

  private forgotten(subject: string): void {
    this.lookAt.delete(subject);
    this.writer.forget(subject);
  }
}

type Retired = Extract<LogItem<SlotRecord>, { readonly kind: 'recorded' }>;

function isRetired(item: LogItem<SlotRecord> | undefined): boolean {
  return item?.kind === 'recorded' && statusOf(item.record.state) === 'retired';
}
