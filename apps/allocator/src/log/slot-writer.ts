import {
  CannotStore,
  Condition,
  errorMessage,
  permits,
  appendUntilKnown,
  TransientError,
  type Append,
  type LogClock,
  type LogItem,
  type Refusal,
  type AppendOutcome,
  type Transition,
} from '#kernel';
import type { Pool, SlotHead } from '#pool';
import { elapsedNs } from '#service-runtime';
import {
  slot,
  slotMachine,
  type SlotCommand,
  type SlotEvent,
  type SlotRefusalCode,
  type SlotState,
} from '#slot';
import { carriedContext, spanned } from '#tracing';
import type { SlotRecord } from '#wire';
import { Outcomes } from '../claim/outcomes.js';
import { Numbers } from './numbers.js';
import type { AllocatorPorts } from '../ports.js';
import type { Storing } from './storing.js';

/** How often a command is decided, each time from a newer state, before it is given up. */
const DECISIONS_MAX = 20;

/**
 * With more appends than this under way, the log or this process cannot keep up: what is begun then
 * only slows down what was begun before.
 */
const APPENDS_MAX = 256;

/** Pause after another write to the same slot was in flight (ms). */
const BUSY_MS = 5;

/** The slot, and the sequence of its last event when the decision was made. */
export type Origin = Pick<SlotHead, 'subject' | 'sequence'>;

/** A command without the instant of its decision. */
export type UndatedCommand = Undated<SlotCommand>;
type Undated<Command> = Command extends unknown ? Omit<Command, 'at'> : never;

/** Called with each append, its outcome, and the time it took (ns). Must not throw. */
export type AppendObserver = (
  transition: Transition<SlotState, SlotEvent>,
  outcome: AppendOutcome<SlotRecord>['kind'],
  elapsedNs: number,
) => void;

export type Recording =
  | { readonly kind: 'recorded'; readonly state: SlotState }
  | { readonly kind: 'refused'; readonly refusal: Refusal<SlotRefusalCode | 'unreadable'> }
  /** No verdict in time, or nothing is stored now; the event may have been recorded. */
  | { readonly kind: 'indeterminate'; readonly refusal: Refusal<'timed-out' | 'not-ready'> };

/**
 * The only way to write slot events. Every write is a compare-and-set on the state that the
 * decision was made from: the second writer loses, learns the new state, and decides again.
 */
export class SlotWriter {
  readonly outcomes: Outcomes;
  private readonly refusing: Condition;
  readonly numbers = new Numbers();
  observer: AppendObserver | undefined;
  /**
   * Slots whose state in the pool is newer than what has been followed, with the sequence of that
   * state.
   */
  private readonly ahead = new Map<string, number>();
  /** Number of appends that have no outcome yet. */
  private underWay = 0;
  /** The stored append that is furthest in the log: its sequence, and when that was known (epoch ms). */
  lastStored: { readonly sequence: number; readonly at: number } = { sequence: 0, at: 0 };

  constructor(
    private readonly allocator: string,
    private readonly ports: AllocatorPorts & { readonly clock: LogClock },
    private readonly pool: Pool,
    private readonly storing: Storing,
  ) {
    this.outcomes = new Outcomes(ports.clock);
    this.refusing = new Condition(ports.logger, ports.clock, REFUSING);
  }

  /**
   * Decides and appends until the command is recorded or refused; `indeterminate` if there is no
   * verdict by `until` (epoch ms). Each decision is dated when it is made.
   */
  async record(subject: string, command: UndatedCommand, until: number): Promise<Recording> {
    for (let tries = 0; tries < DECISIONS_MAX && this.ports.clock.now() < until; tries += 1) {
      if (this.pool.slots.isQuarantined(subject) && command.type !== 'Repair') {
        return { kind: 'refused', refusal: UNREADABLE };
      }
      const head = this.pool.slots.get(subject);
      const state = head?.state ?? slot.initial;
      const sequence = this.pool.slots.sequenceOf(subject);
      const decision = slot.decide(state, { ...command, at: this.timeAfter(head) });
      if (decision.kind === 'refused') return decision;
      const outcome = await this.appendAll({ subject, sequence }, decision.steps, until);
      if (outcome === 'stored') {
        return { kind: 'recorded', state: decision.steps.at(-1)?.state ?? state };
      }
      if (outcome === 'indeterminate') break;
      if (outcome === 'busy') await this.ports.clock.sleep(BUSY_MS);
    }
    return { kind: 'indeterminate', refusal: this.undecided() };
  }

  /** How many more appends may be under way before new requests should wait. */
  get room(): number {
    return APPENDS_MAX - this.underWay;
  }

  /** The date of a slot's next event: now, but not before its last event (epoch ms). */
  timeAfter(head: Pick<SlotHead, 'at'> | undefined): number {
    return Math.max(this.ports.clock.now(), head?.at ?? 0);
  }

  /**
   * One compare-and-set. Learns the event that was in its way before it returns. Never throws.
   *
   * @param from the state that was decided from: if the pool has a newer one, the append must
   * conflict
   */
  async append(
    from: Origin,
    { event, state }: Transition<SlotState, SlotEvent>,
    until: number,
    deduplicationId?: string,
  ): Promise<AppendOutcome<SlotRecord>> {
    // After a pause the log is asked for the time first: what is dated too early ends too early.
    if (!this.ports.clock.checkSure()) return { kind: 'indeterminate', cause: UNSURE };
    if (this.storing.shut) return { kind: 'indeterminate', cause: this.storing.shut };
    const { subject, sequence: expected } = from;
    const startedNs = elapsedNs();
    const about = {
      kind: 'producer',
      ids: () => ({ 'berth.subject': subject, 'berth.event': event.type }),
      outcome: ({ kind }: AppendOutcome<SlotRecord>) => ({ 'berth.outcome': kind }),
    } as const;
    const outcome = await spanned('append', about, () =>
      this.settle(
        {
          subject,
          expected,
          record: this.recordOf(event, state),
          ...(deduplicationId !== undefined && { deduplicationId }),
        },
        until,
      ),
    );
    this.observer?.({ event, state }, outcome.kind, elapsedNs() - startedNs);
    if (outcome.kind === 'stored') {
      this.storing.stored();
      const { sequence } = outcome;
      const isLast = sequence > this.lastStored.sequence;
      if (isLast) this.lastStored = { sequence, at: this.ports.clock.now() };
      this.learn({ subject, sequence, at: event.at, state });
    }
    if (outcome.kind === 'conflict') {
      if (outcome.last === undefined && expected > 0) this.forget(subject);
      else this.takeAhead(outcome.last);
    }
    return outcome;
  }

  /** Whether the pool already has this event and all before it, as it has its own writes. */
  has(subject: string, sequence: number): boolean {
    return sequence <= this.pool.slots.sequenceOf(subject) && !this.ahead.has(subject);
  }

  /**
   * Takes the next event of its subject; the state machine must permit it after the last one taken.
   */
  takeNext(item: LogItem<SlotRecord>): void {
    if (item.sequence >= (this.ahead.get(item.subject) ?? Infinity)) {
      this.ahead.delete(item.subject);
    }
    const before = this.pool.slots.get(item.subject);
    if (
      before !== undefined &&
      item.kind === 'recorded' &&
      item.sequence > before.sequence &&
      !permits(slotMachine, before.state, item.record.event)
    ) {
      const { subject, sequence, record } = item;
      const reason = `${record.event.type} cannot have happened`;
      this.take({ kind: 'unreadable', subject, sequence, reason });
    } else this.take(item);
  }

  /**
   * Takes an event found in the log before the earlier ones have come. Those are still read when
   * they come, because sessions may have ended in between.
   */
  takeAhead(item: LogItem<SlotRecord> | undefined): void {
    if (item === undefined) return;
    const { subject, sequence } = item;
    if (sequence > this.pool.slots.sequenceOf(subject)) this.ahead.set(subject, sequence);
    this.take(item);
  }

  /** The log has forgotten the slot: nothing is ever appended to it again. */
  forget(subject: string): void {
    this.ahead.delete(subject);
    const head = this.pool.slots.get(subject);
    if (head !== undefined) this.numbers.forget(head);
    this.pool.forget(subject);
  }

  /** Takes the slot's last event as it is in the log. */
  take(item: LogItem<SlotRecord> | undefined): void {
    if (item === undefined) return;
    const { subject, sequence } = item;
    if (item.kind === 'recorded') {
      const { record } = item;
      this.learn({ subject, sequence, at: record.at ?? record.event.at, state: record.state });
    } else {
      this.ports.logger.error({ subject, sequence, reason: item.reason }, 'an event was set aside');
      this.pool.quarantine(subject, sequence);
    }
  }

  /** An owner hears of a claim by its record, so the record carries the trace on. */
  private recordOf(event: SlotEvent, state: SlotState): SlotRecord {
    const id = this.ports.random.id();
    const source = `berth/allocator/${this.allocator}`;
    const traceparent = carriedContext()?.traceparent;
    return { id, source, event, state, ...(traceparent !== undefined && { traceparent }) };
  }

  private async appendAll(
    from: Origin,
    steps: readonly Transition<SlotState, SlotEvent>[],
    until: number,
  ): Promise<AppendOutcome<SlotRecord>['kind']> {
    let { sequence } = from;
    for (const step of steps) {
      const outcome = await this.append({ ...from, sequence }, step, until);
      if (outcome.kind !== 'stored') return outcome.kind;
      sequence = outcome.sequence;
    }
    return 'stored';
  }

  private async settle(
    append: Append<SlotRecord>,
    until: number,
  ): Promise<AppendOutcome<SlotRecord>> {
    this.underWay += 1;
    try {
      return await appendUntilKnown(this.ports.log, append, this.ports.clock, until);
    } catch (cause) {
      const { subject } = append;
      if (cause instanceof CannotStore) this.storing.failed(cause, subject);
      else this.refusing.fail(errorMessage(cause), { subject });
      return { kind: 'indeterminate', cause };
    } finally {
      this.underWay -= 1;
    }
  }

  private undecided(): Refusal<'timed-out' | 'not-ready'> {
    const because = this.storing.because();
    return because === null
      ? { code: 'timed-out', message: 'no verdict in time; ask again' }
      : { code: 'not-ready', message: because };
  }

  private learn(present: SlotHead): void {
    const { subject, state } = present;
    const before = this.numbers.hasBegun ? this.pool.slots.get(subject)?.state : undefined;
    if (!this.pool.apply(present)) return;
    if (before?.context.numbers !== state.context.numbers || before === undefined) {
      this.numbers.take(present);
    }
    this.outcomes.changed(present);
  }
}

const REFUSING = {
  begins: 'the log refuses to store an event',
  ends: 'the log refuses nothing',
  level: 'error',
} as const;

const UNSURE = new TransientError('the time is not known until the log has answered');

const UNREADABLE: Refusal<'unreadable'> = {
  code: 'unreadable',
  message: 'the last event of the slot cannot be read; `berth repair` puts it aside',
};
