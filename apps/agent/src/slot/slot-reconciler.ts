import { messageOf, type Cancel } from '#kernel';
import type { Logger } from '#service';
import { slot, type CheckFailure, type SlotRef, type SlotReport, type SlotState } from '#slot';
import { slotName } from '#wire';
import type { WatchedGame } from '../watch/watched-slot.js';
import { desired, type Desired, type DesiredSession } from './desired.js';
import type { GameSettings, Means } from './means.js';
import { isRunning, type Observed } from './observed.js';
import { nextStep, type Step } from './plan.js';
import { noSession } from './record.js';
import { isShown, reportOf } from './report.js';
import { Reporter } from './reporter.js';
import type { Words } from './words.js';
import type { Workplace } from './workplace.js';

/** A slot is looked at this often (ms), even if nobody says that something has changed. */
const LOOK_MS = 10_000;

/** After trouble with the machine (a full disk, no ports), the next try (ms). */
const AGAIN_MS = 1_000;

/** A game that ends together with its agent has no more time than this (ms), whatever is set. */
const END_GRACE_MS = 5_000;

/** A claim that cannot be served is refused so long before its time is over (ms). */
const REFUSE_AHEAD_MS = 500;

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
  private toldSession: DesiredSession | null = null;
  /** The claim seen last: by when its callback has to be answered (epoch ms), and within what. */
  private claim = { fence: 0, limitMs: 0, until: Infinity };
  /** The run that is not well, and is to be ended. */
  private ailing: { readonly run: string; readonly failure: CheckFailure } | null = null;

  /** Is called when `told` has become another one. */
  onTold: () => void = () => undefined;

  constructor(
    readonly ref: SlotRef,
    private readonly incarnation: number,
    private readonly settings: GameSettings,
    private readonly means: Means,
    private readonly workplace: Workplace,
  ) {
    this.log = means.logger.child({ slot: slotName(ref) });
    this.reporter = new Reporter(ref, means.bus, means.clock);
    this.cancelLooks = means.clock.every(LOOK_MS, () => this.reconcile());
  }

  /** The session that the game has been told of: its server.json names it. */
  get told(): DesiredSession | null {
    return this.toldSession;
  }

  /** The secret that the session's game has; null before there is one. */
  get token(): string | null {
    return this.workplace.token;
  }

  get words(): Words {
    return this.workplace.observe().words;
  }

  /** The game that runs, where it is to be queried. */
  watched(): WatchedGame | null {
    return this.workplace.watched;
  }

  /** To be called with the players that a query has counted. */
  players(count: number): void {
    if (count !== this.words.players) this.say({ players: count });
  }

  /** To be called when the game of a run is not well: it is ended once the log says why. */
  unwell(run: string, failure: CheckFailure): void {
    this.log.warn({ ...failure }, 'a check of the game failed');
    this.ailing = { run, failure };
    this.reconcile();
  }

  /** To be called with what the game says of itself. */
  say(words: Partial<Words>): void {
    this.workplace.hear(words);
    this.reconcile();
  }

  /** The log's present of this slot. What is older than what was seen before is not news. */
  follow(state: SlotState, sequence: number): void {
    if (sequence <= this.sequence) return;
    // A hold is the log's to remember while there is no agent.
    if (this.sequence === 0) this.workplace.hear({ heldUntil: state.context.heldUntil });
    this.state = state;
    this.sequence = sequence;
    this.seeClaim();
    this.reconcile();
  }

  /**
   * The time limit is counted from when the claim was seen: the clock that set the deadline is
   * another machine's. An answer that is late by that clock loses against the log's verdict.
   */
  private seeClaim(): void {
    const { fence, allocation } = this.state.context;
    if (allocation === null || fence === this.claim.fence) return;
    const limitMs = Math.max(0, allocation.callbackUntil - allocation.requestedAt);
    this.claim = { fence, limitMs, until: this.means.clock.now() + limitMs };
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
        this.keep();
        if (!this.ending) await this.approach();
        this.report();
        this.endAiling();
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
      const step = nextStep(this.wanted, this.observe(), now);
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
      case 'begin':
        return workplace.begin(step.session.fence, step.session.allocation.id);
      case 'refuse':
        return workplace.amend({ callback: { outcome: 'refused', reason: step.reason } });
      case 'prepare':
        return workplace.prepare(step.run);
      case 'start':
        return this.start();
      case 'stop':
        return void workplace.stop();
      case 'bind': {
        const { crashes } = step.session.allocation;
        const run = workplace.observe().run?.id ?? null;
        return workplace.amend({ run, crashes, delivered: false, readyFor: null });
      }
      case 'write': {
        const { wanted } = this;
        await workplace.write(step.allocationId);
        return this.tell(wanted.kind === 'session' ? wanted.session : null);
      }
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

  /** After server.json is written: who hears of a session, reads it there. */
  private tell(session: DesiredSession | null): void {
    this.toldSession = session;
    this.onTold();
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

  /** A game that comes back after a crash has time of its own: nobody waits for its answer. */
  private call({ allocation, awaiting }: DesiredSession): void {
    const { workplace, claim } = this;
    const until = awaiting ? claim.until : this.means.clock.now() + workplace.comebackMs;
    workplace.callBack(allocation.payload, until);
  }

  private observe(): Observed {
    const { until, limitMs } = this.claim;
    // The refusal has to be there before the log's own verdict.
    const answerBy = until - Math.min(REFUSE_AHEAD_MS, limitMs / 4);
    return { ...this.workplace.observe(), answerBy };
  }

  /** What is wanted is kept on the machine, be it not prepared yet. */
  private keep(): void {
    const { wanted } = this;
    if (wanted.kind === 'session') this.workplace.keep([wanted.session.run]);
    if (wanted.kind === 'free') this.workplace.keep(wanted.run === null ? [] : [wanted.run]);
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
    const seen = reportOf(this.wanted, workplace.observe(), workplace.offer, incarnation);
    const failure = this.ailment ?? (this.isProcessShown(seen) ? seen.failure : null);
    const report = { ...seen, failure };
    this.reporter.update(state, this.sequence, report);
    if (isShown(state, report, this.means.clock.now())) this.whenShown?.();
  }

  /** A failure that the log heard of first, would be gone with the end of the process before. */
  private isProcessShown({ process }: SlotReport): boolean {
    return process?.pid === this.state.context.process?.pid;
  }

  /** What is wrong with the run that runs. */
  private get ailment(): CheckFailure | null {
    const { run } = this.workplace.observe();
    return run?.exit === null && run.id === this.ailing?.run ? this.ailing.failure : null;
  }

  /** Not before the log shows it, so that the history says why before it happens. */
  private endAiling(): void {
    const shownAt = this.state.context.failure?.failedAt;
    if (shownAt !== undefined && shownAt === this.ailment?.failedAt) void this.workplace.abort();
  }

  private lookAfter(delayMs: number): void {
    this.cancelNext();
    this.cancelNext = this.means.clock.after(delayMs, () => this.reconcile());
  }
}
