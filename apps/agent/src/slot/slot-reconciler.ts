import { messageOf, type Cancel } from '#kernel';
import type { Logger } from '#service';
import { slot, type SlotRef, type SlotState } from '#slot';
import { slotName } from '#wire';
import { desired, type Desired, type DesiredSession } from './desired.js';
import type { GameSettings, Means } from './means.js';
import { isRunning } from './observed.js';
import { nextStep, type Step } from './plan.js';
import { noSession } from './record.js';
import { isShown, reportOf } from './report.js';
import { Reporter } from './reporter.js';
import type { Workplace } from './workplace.js';

/** A slot is looked at this often (ms), even if nobody says that something has changed. */
const LOOK_MS = 10_000;

/** After trouble with the machine (a full disk, no ports), the next try (ms). */
const AGAIN_MS = 1_000;

/** A game that ends together with its agent has no more time than this (ms), whatever is set. */
const END_GRACE_MS = 5_000;

/** No plan has more than a handful of steps; one that has goes in circles. */
const STEPS_MAX = 32;

/**
 * Makes one slot's machine follow the log, and the log learn of the machine. It acts on what is,
 * never on what has changed, so it may be killed anywhere and begin again.
 */
export class SlotReconciler {
  private state: SlotState = slot.initial;
  private sequence = 0;
  private ignoredAt = 0;
  private busy = false;
  private working: Promise<void> = Promise.resolve();
  private again = false;
  private ending = false;
  private closed = false;
  private readonly log: Logger;
  private readonly reporter: Reporter;
  private readonly cancelLooks: Cancel;
  private cancelNext: Cancel = () => undefined;
  private whenShown: (() => void) | null = null;

  constructor(
    ref: SlotRef,
    private readonly incarnation: number,
    private readonly settings: GameSettings,
    private readonly means: Means,
    private readonly workplace: Workplace,
  ) {
    this.log = means.logger.child({ slot: slotName(ref) });
    this.reporter = new Reporter(ref, means.bus, means.clock);
    this.cancelLooks = means.clock.every(LOOK_MS, () => this.reconcile());
  }

  /** The log's present of this slot. What is older than what was seen before is not news. */
  follow(state: SlotState, sequence: number): void {
    if (sequence <= this.sequence) return;
    this.state = state;
    this.sequence = sequence;
    this.reconcile();
  }

  /** To be called whenever something has changed; many calls at once are one. */
  reconcile(): void {
    this.again = true;
    if (!this.busy) this.working = this.work();
  }

  /** Stops the game, tells the log, and waits up to `shownMs` for the log to have heard. */
  async end(shownMs: number): Promise<void> {
    this.ending = true;
    this.workplace.hush();
    await this.workplace.stop(END_GRACE_MS);
    await new Promise<void>((resolve) => {
      const cancel = this.means.clock.after(shownMs, resolve);
      this.whenShown = () => {
        cancel();
        resolve();
      };
      this.reconcile();
    });
  }

  /** Looks no longer; a game that runs goes on. Resolves when nothing is under way any more. */
  async close(): Promise<void> {
    this.closed = true;
    this.cancelLooks();
    this.reporter.close();
    await this.working;
    this.cancelNext();
    this.workplace.close();
  }

  private async work(): Promise<void> {
    this.busy = true;
    while (this.again && !this.closed) {
      this.again = false;
      try {
        if (!this.ending) await this.approach();
        this.report();
      } catch (error) {
        this.log.error({ error: messageOf(error) }, 'trouble with the machine');
        this.lookAfter(AGAIN_MS);
      }
    }
    this.busy = false;
  }

  private get wanted(): Desired {
    return desired(this.state, this.settings.keepWarm);
  }

  /** One step after the other, each decided from what the one before has led to. */
  private async approach(): Promise<void> {
    this.cancelNext();
    for (let count = 0; count < STEPS_MAX && !this.closed; count += 1) {
      const now = this.means.clock.now();
      const step = nextStep(this.wanted, this.workplace.observe(), now);
      if (step.type === 'rest') {
        if (step.until !== undefined) this.lookAfter(step.until - now);
        return;
      }
      if (step.type === 'ignore') return this.ignore();
      await this.take(step);
    }
    this.lookAfter(AGAIN_MS);
  }

  private async take(step: Exclude<Step, { type: 'rest' | 'ignore' }>): Promise<void> {
    const { workplace } = this;
    switch (step.type) {
      case 'begin': {
        const { fence, allocation } = step.session;
        return workplace.amend({
          ...noSession,
          fence,
          allocationId: allocation.id,
          clearedFence: workplace.observe().record.clearedFence,
        });
      }
      case 'refuse':
        return workplace.amend({ callback: { outcome: 'refused', reason: step.reason } });
      case 'start':
        return this.start();
      case 'stop':
        return void workplace.stop();
      case 'bind': {
        const { crashes } = step.session.allocation;
        const run = workplace.observe().run?.id ?? null;
        return workplace.amend({ run, crashes, delivered: false });
      }
      case 'write':
        return workplace.write(step.allocationId);
      case 'call':
        return this.call(step.session);
      case 'hush':
        return workplace.hush();
      case 'clear':
        return this.clear(step.fence);
      case 'retire':
        await workplace.retire();
        // Not waited for: this very step is what it waits for.
        return void this.close();
      default:
        return step satisfies never;
    }
  }

  private async start(): Promise<void> {
    const { wanted, workplace } = this;
    // A session's address has been told to players already: only a free slot may move.
    if (wanted.kind === 'free' && (await workplace.securePorts())) return;
    try {
      await workplace.start({ again: wanted.kind === 'session' });
    } catch (error) {
      const reason = `the game could not be started: ${messageOf(error)}`;
      this.log.error({ error: messageOf(error) }, 'the game could not be started');
      if (wanted.kind !== 'session' || !wanted.session.awaiting) return;
      await workplace.amend({ callback: { outcome: 'refused', reason } });
    }
  }

  /**
   * The time limit is counted from when the claim was seen: the clock that set the deadline is
   * another machine's. An answer that is late by that clock loses against the log's verdict.
   */
  private call({ allocation, awaiting }: DesiredSession): void {
    const { callbackUntil, requestedAt, payload } = allocation;
    const { coldStartMs } = this.settings.limits;
    void this.workplace.callBack(payload, awaiting ? callbackUntil - requestedAt : coldStartMs);
  }

  private async clear(clearedFence: number): Promise<void> {
    const { workplace } = this;
    const { record } = workplace.observe();
    if (!isRunning(workplace.observe()) && (await workplace.securePorts())) return;
    await workplace.amend({
      ...noSession,
      fence: Math.max(record.fence, clearedFence),
      clearedFence,
    });
  }

  private ignore(): void {
    if (this.ignoredAt === this.sequence) return;
    this.ignoredAt = this.sequence;
    const { fence } = this.workplace.observe().record;
    const logged = this.state.context.fence;
    this.log.warn({ fence, logged }, 'the log names a claim older than one seen before: ignored');
  }

  private report(): void {
    if (this.closed) return;
    const { workplace, state, incarnation } = this;
    const report = reportOf(this.wanted, workplace.observe(), workplace.offer, incarnation);
    this.reporter.update(state, this.sequence, report);
    if (isShown(state, report, this.means.clock.now())) this.whenShown?.();
  }

  private lookAfter(delayMs: number): void {
    this.cancelNext();
    this.cancelNext = this.means.clock.after(delayMs, () => this.reconcile());
  }
}
