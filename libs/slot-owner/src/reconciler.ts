import { errorMessage, type Bus, type Cancel, type Clock } from '#kernel';
import { slot, type SlotRef, type SlotState } from '#slot';
import { Reporter } from './reporter.js';

/** What is wrong is logged here; any pino logger is one. */
export interface OwnerLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface ReconcilerDeps {
  readonly bus: Bus;
  readonly clock: Clock;
}

/** After an error (a full disk, no ports), the next try (ms). */
const RETRY_MS = 1_000;

/**
 * Makes what is owned of one slot follow the log, and the log learn of it. It acts on what is, never
 * on what has changed, so its process may be killed anywhere and begin again.
 */
export abstract class Reconciler {
  /** The slot as the log last told of it. */
  protected state: SlotState = slot.initial;
  /** Of the event that led to it; 0 before the log has told of the slot. */
  protected sequence = 0;
  protected readonly reporter: Reporter;
  private isDue = false;
  private isWorking = false;
  private working: Promise<void> = Promise.resolve();
  private closed = false;
  private cancelNext: Cancel = () => undefined;

  constructor(
    readonly ref: SlotRef,
    protected readonly log: OwnerLog,
    private readonly reconcilerDeps: ReconcilerDeps,
  ) {
    this.reporter = new Reporter(ref, reconcilerDeps.bus, reconcilerDeps.clock);
  }

  /** The slot as the log last told of it. */
  get logged(): SlotState {
    return this.state;
  }

  /** The log's present of this slot. What is older than what was seen before is passed over. */
  follow(state: SlotState, sequence: number): void {
    if (sequence <= this.sequence) return;
    const isFirst = this.sequence === 0;
    this.state = state;
    this.sequence = sequence;
    this.followed(isFirst);
    this.reconcile();
  }

  /** The log is another one: what it tells next is taken, whatever its sequence. */
  startOver(): void {
    this.sequence = 0;
  }

  /** To be called whenever something has changed; many calls at once are one. */
  reconcile(): void {
    if (this.closed) return;
    this.isDue = true;
    if (!this.isWorking) this.working = this.work();
  }

  /** Stops to act; what is owned stays as it is. Resolves when nothing is under way any more. */
  async close(): Promise<void> {
    this.closed = true;
    this.cancelNext();
    this.reporter.close();
    await this.working;
    this.cancelNext();
  }

  /** Brings what is owned nearer to what the log says, and reports. What it throws is retried. */
  protected abstract approach(): Promise<void> | void;

  /** Is called when the log has told of a new state, before it is acted upon. */
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

  private async work(): Promise<void> {
    this.isWorking = true;
    while (this.isDue && !this.closed) {
      this.isDue = false;
      try {
        const underWay = this.approach();
        if (underWay !== undefined) await underWay;
      } catch (error) {
        this.log.error({ error: errorMessage(error) }, 'could not reconcile the slot: retrying');
        this.reconcileAfter(RETRY_MS);
      }
    }
    this.isWorking = false;
  }
}
