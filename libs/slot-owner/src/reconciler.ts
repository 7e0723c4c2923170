import { Condition, errorMessage, type Bus, type Cancel, type Carried, type Clock } from '#kernel';
import { isAwaiting, slot, type SlotRef, type SlotState } from '#slot';
import { continuing } from '#tracing';
import { Reporter } from './reporter.js';

/** The logger of an owner; any pino logger fits. */
export interface OwnerLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface ReconcilerDeps {
  readonly bus: Bus;
  readonly clock: Clock;
}

/** Time (ms) until the next try after an error, such as a full disk or a lack of ports. */
const RETRY_MS = 1_000;

/** How long the current states of a log take to arrive (ms). */
const PRESENT_MS = 1_000;

/**
 * Makes one slot's part of the machine follow the log, and reports its state to the log. It acts on
 * the current state, never on changes, so that its process may be killed at any time and start
 * again.
 */
export abstract class Reconciler {
  /** The slot's state by the newest event that was received. */
  protected state: SlotState = slot.initial;
  /** Sequence of that event; 0 before the first event of the slot. */
  protected sequence = 0;
  protected readonly reporter: Reporter;
  /** The trace of the newest event. */
  private carried: Carried | undefined;
  private hasFollowed = false;
  private isDue = false;
  private isWorking = false;
  private working: Promise<void> = Promise.resolve();
  private closed = false;
  private cancelNext: Cancel = () => undefined;
  private readonly failing: Condition;

  constructor(
    readonly ref: SlotRef,
    protected readonly log: OwnerLog,
    private readonly reconcilerDeps: ReconcilerDeps,
  ) {
    const { bus, clock } = reconcilerDeps;
    this.reporter = new Reporter(ref, bus, clock);
    this.failing = new Condition(log, clock, {
      ...{ begins: 'could not reconcile the slot: retrying', ends: 'the slot is reconciled again' },
      level: 'error',
    });
  }

  /** The slot's state by the newest event that was received. */
  get logged(): SlotState {
    return this.state;
  }

  /**
   * Takes in the slot's state from the log. Ignores a state that is not newer than the last one.
   *
   * @param traceparent the trace that the event was written in
   */
  follow(state: SlotState, sequence: number, traceparent?: string): void {
    if (sequence <= this.sequence) return;
    const isFirst = !this.hasFollowed;
    this.hasFollowed = true;
    this.state = state;
    this.sequence = sequence;
    this.carried = traceparent === undefined ? undefined : { traceparent };
    this.followed(isFirst);
    this.reconcile();
  }

  /**
   * The log was replaced: accepts the next state with any sequence. A slot of which no state
   * arrives within a second is unknown to the log, and is reported.
   */
  startOver(): void {
    this.state = slot.initial;
    this.sequence = 0;
    this.carried = undefined;
    this.reconcileAfter(PRESENT_MS);
  }

  /** To be called whenever something has changed. Calls while it works are combined into one. */
  reconcile(): void {
    if (this.closed) return;
    this.isDue = true;
    if (!this.isWorking) this.working = this.work();
  }

  /** Stops acting; what runs on the machine stays as it is. Resolves when nothing is under way. */
  async close(): Promise<void> {
    this.closed = true;
    this.cancelNext();
    this.reporter.close();
    await this.working;
    this.cancelNext();
  }

  /**
   * Brings the machine closer to what the log says, and reports. If it throws, it is called again.
   */
  protected abstract approach(): Promise<void> | void;

  /** Called when the log has delivered a new state, before the state is acted upon. */
  protected followed(_isFirst: boolean): void {
    return undefined;
  }

  protected get isClosed(): boolean {
    return this.closed;
  }

  protected reconcileAfter(delayMs: number): void {
    this.cancelNext();
    this.cancelNext = this.reconcilerDeps.clock.after(delayMs, () => this.reconcile());
  }

  protected cancelReconcileAfter(): void {
    this.cancelNext();
  }

  /** What is done for a claim until its answer is recorded belongs to the claim's trace. */
  private get claimTrace(): Carried | undefined {
    return isAwaiting(this.state) ? this.carried : undefined;
  }

  private async work(): Promise<void> {
    this.isWorking = true;
    while (this.isDue && !this.closed) {
      this.isDue = false;
      try {
        const underWay = continuing(this.claimTrace, () => this.approach());
        if (underWay !== undefined) await underWay;
        this.failing.pass();
      } catch (error) {
        this.failing.fail(errorMessage(error));
        this.reconcileAfter(RETRY_MS);
      }
    }
    this.isWorking = false;
  }
}
