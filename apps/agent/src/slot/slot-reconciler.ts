import { errorMessage, type Cancel } from '#kernel';
import type { Logger } from '#service-runtime';
import { slot, type CheckFailure, type SlotRef, type SlotState } from '#slot';
import { slotName } from '#wire';
import type { WatchedGame } from '../watch/watched-slot.js';
import { ClaimTime } from './claim-time.js';
import { desired, type Desired, type DesiredSession } from './desired.js';
import type { GameSettings, Means } from './means.js';
import { nextStep } from './plan.js';
import { StepTaker } from './step-taker.js';
import { Testimony } from './testimony.js';
import type { Words } from './words.js';
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
  private readonly claim: ClaimTime;
  private readonly steps: StepTaker;
  private readonly testimony: Testimony;
  private readonly cancelLooks: Cancel;
  private cancelNext: Cancel = () => undefined;
  private toldSession: DesiredSession | null = null;

  /** Is called when `told` has become another one. */
  onTold: () => void = () => undefined;

  constructor(
    readonly ref: SlotRef,
    incarnation: number,
    private readonly settings: GameSettings,
    private readonly means: Means,
    private readonly workplace: Workplace,
  ) {
    this.log = means.logger.child({ slot: slotName(ref) });
    this.claim = new ClaimTime(means.clock);
    this.testimony = new Testimony(ref, incarnation, means, workplace);
    this.steps = new StepTaker({
      workplace,
      claim: this.claim,
      clock: means.clock,
      log: this.log,
      wanted: () => this.wanted,
      told: (session) => this.tell(session),
      // Not waited for: the step that retires is what it waits for.
      retired: () => void this.close(),
    });
    this.cancelLooks = means.clock.every(LOOK_MS, () => this.reconcile());
  }

  /** The slot as the log last told of it. */
  get logged(): SlotState {
    return this.state;
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
    this.testimony.unwell(run, failure);
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
    this.claim.see(state);
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
    const shown = this.testimony.shown(shownMs);
    this.reconcile();
    await shown;
  }

  /** Looks no longer; a game that runs goes on. Resolves when nothing is under way any more. */
  async close(): Promise<void> {
    this.closed = true;
    this.cancelLooks();
    this.testimony.close();
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
        if (!this.closed) this.testimony.give(this.wanted, this.state, this.sequence);
        this.testimony.endAiling(this.state);
      } catch (error) {
        this.log.error({ error: errorMessage(error) }, 'trouble with the machine');
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
      const seen = { ...this.workplace.observe(), answerBy: this.claim.answerBy };
      const step = nextStep(this.wanted, seen, now);
      if (step.type === 'rest') {
        if (step.until !== undefined) this.lookAfter(step.until - now);
        return;
      }
      if (step.type === 'ignore') return this.ignore();
      await this.steps.take(step);
    }
    this.lookAfter(AGAIN_MS);
  }

  private tell(session: DesiredSession | null): void {
    this.toldSession = session;
    this.onTold();
  }

  /** What is wanted is kept on the machine, be it not prepared yet. */
  private keep(): void {
    const { wanted } = this;
    if (wanted.kind === 'session') this.workplace.keep([wanted.session.run]);
    if (wanted.kind === 'free') this.workplace.keep(wanted.run === null ? [] : [wanted.run]);
  }

  private ignore(): void {
    if (this.ignoredAt === this.sequence) return;
    this.ignoredAt = this.sequence;
    const { fence } = this.workplace.observe().record;
    const logged = this.state.context.fence;
    this.log.warn({ fence, logged }, 'the log names a claim older than one seen before: ignored');
  }

  private lookAfter(delayMs: number): void {
    this.cancelNext();
    this.cancelNext = this.means.clock.after(delayMs, () => this.reconcile());
  }
}
