import { PayloadReader, Reconciler } from '#slot-owner';
import type { Cancel } from '#kernel';
import type { CheckFailure, SlotRef, SlotReport, SlotState } from '#slot';
import { isDeepStrictEqual } from 'node:util';
import type { WatchedGame } from '../watch/watched-slot.js';
import { ActionRunner } from './action-runner.js';
import { ClaimTime } from './claim-time.js';
import { desired, loggedAllocation, type Desired, type DesiredSession } from './desired.js';
import type { GameSettings } from './game-settings.js';
import { countOf, type Counted, type GameSignals } from './game-signals.js';
import { afterExit, isUnlogged, type Observed } from './observed.js';
import type { SlotDeps } from './slot-deps.js';
import type { SlotHost } from './slot-host.js';
import { slotLog } from './slot-log.js';
import { nextAction } from './slot-plan.js';
import { reportOf } from './slot-report.js';
import { StartTime } from './start-time.js';
import { StatusReporter } from './status-reporter.js';
import { UnloggedTime } from './unlogged-time.js';

/** How often (ms) a slot is reconciled even if nothing reports a change. */
const LOOK_MS = 10_000;

/** Time (ms) until the next try, after a plan that did not come to an end. */
const AGAIN_MS = 1_000;

/** A game that ends together with its agent has at most this time (ms), whatever is configured. */
const END_GRACE_MS = 5_000;

/** A plan takes a few actions; one that takes this many goes in circles. */
const ACTIONS_MAX = 32;

/**
 * Makes one slot's part of the machine follow the log, and reports the machine's state to the log.
 */
export class SlotReconciler extends Reconciler {
  private ignoredAt = 0;
  private ending = false;
  private toldSession: DesiredSession | null = null;
  private readonly claim: ClaimTime;
  private readonly unlogged: UnloggedTime;
  /** How long the slot's games take to start. */
  readonly starts: StartTime;
  private readonly actions: ActionRunner;
  private readonly status: StatusReporter;
  private readonly cancelLooks: Cancel;

  /** Called when `told` has changed. */
  onTold: () => void = () => undefined;

  constructor(
    ref: SlotRef,
    private readonly incarnation: number,
    private readonly settings: GameSettings,
    private readonly deps: SlotDeps,
    private readonly host: SlotHost,
  ) {
    const { clock } = deps;
    const log = slotLog(deps.logger, ref, host.session);
    super(ref, log, deps);
    this.claim = new ClaimTime(clock);
    this.unlogged = new UnloggedTime(clock);
    this.starts = new StartTime(clock, host.game.run?.id ?? null);
    this.status = new StatusReporter({ clock, host, reporter: this.reporter, incarnation });
    this.actions = new ActionRunner({
      ...{ host, claim: this.claim, clock, payloads: new PayloadReader(ref, deps.bus) },
      wanted: () => this.wanted,
      told: (session) => this.tell(session),
      // Must not wait for the close: `close` waits for the very action that retires the slot.
      retired: () => void this.close(),
    });
    this.cancelLooks = clock.every(LOOK_MS, () => this.reconcile());
  }

  /** The session that the game was told of: the one that server.json names. */
  get told(): DesiredSession | null {
    return this.toldSession;
  }

  /** The secret that the session's game has; null before there is one. */
  get token(): string | null {
    return this.host.token;
  }

  get signals(): GameSignals {
    return this.host.game.signals;
  }

  get fleet(): string {
    return this.host.offer.fleet;
  }

  /** The running game, if it is to be queried; otherwise null. */
  watched(): WatchedGame | null {
    return this.host.watched;
  }

  /** Takes in what a query says of the players. */
  counted(counted: Counted): void {
    if (isDeepStrictEqual(counted, this.signals.counted)) return;
    if ('uncounted' in counted) this.log.warn(counted, 'the game answers; its players are unknown');
    this.receive({ counted });
  }

  /** Reports that a check of a run has failed. The run is ended once the log shows why. */
  checkFailed(run: string, failure: CheckFailure): void {
    this.log.warn({ ...failure }, 'a check of the game failed');
    this.status.checkFailed(run, failure);
    this.reconcile();
  }

  /** Takes in what the game says of itself. */
  receive(signals: Partial<GameSignals>): void {
    this.host.receive(signals);
    this.reconcile();
  }

  /** The report on the slot, for a log in which the slot's state is `state`. */
  reportAgainst(state: SlotState): SlotReport {
    return reportOf(this.wantedBy(state), this.observe(), this.host.offer, this.incarnation);
  }

  /** Stops the game, reports that, and waits up to `shownMs` until the log shows it. */
  async end(shownMs: number): Promise<void> {
    this.ending = true;
    this.host.callbacks.cancel();
    await this.host.stop(END_GRACE_MS);
    const shown = this.status.shown(shownMs);
    this.reconcile();
    await shown;
  }

  /** Stops reconciling; a running game goes on. */
  override async close(): Promise<void> {
    this.cancelLooks();
    await super.close();
    this.host.close();
  }

  protected override followed(isFirst: boolean): void {
    // The log remembers a hold while there is no agent.
    if (isFirst) this.host.receive({ heldUntil: this.state.context.heldUntil });
    this.host.environment.follow(this.state.context.numbers);
    this.claim.see(this.state);
  }

  protected async approach(): Promise<void> {
    this.keepBuilds();
    this.seeUnlogged();
    if (!this.ending) await this.act();
    this.starts.see(this.host.observe());
    if (!this.isClosed) this.status.report(this.wanted, this.state, this.sequence);
    this.status.endUnhealthy(this.state);
  }

  private observe(): Observed {
    const { answerBy } = this.claim;
    const { until: unloggedUntil } = this.unlogged;
    return { ...this.host.observe(), answerBy, unloggedUntil };
  }

  /** Checks whether a session runs that the log has lost. */
  private seeUnlogged(): void {
    const { fence, allocation } = this.host.session.record;
    const logged = loggedAllocation(this.wanted);
    const isTold = this.sequence > 0;
    const session = isTold && isUnlogged(logged, this.host.observe()) ? allocation : null;
    if (session !== null && this.unlogged.until === Infinity) {
      const { id } = session;
      this.log.warn({ fence, id, logged }, 'a session runs here that the log does not have');
    }
    const counted = countOf(this.signals);
    const hasPlayers = counted !== null && !('players' in counted && counted.players === 0);
    this.unlogged.see(session, hasPlayers);
  }

  private get wanted(): Desired {
    return this.wantedBy(this.state);
  }

  private wantedBy(state: SlotState): Desired {
    return afterExit(desired(state, this.settings.keepWarm), this.host.session.record);
  }

  /** Runs one action after the other; each is decided from what the previous one has led to. */
  private async act(): Promise<void> {
    this.cancelReconcileAfter();
    for (let count = 0; count < ACTIONS_MAX && !this.isClosed; count += 1) {
      const now = this.deps.clock.now();
      const seen = this.observe();
      const action = nextAction(this.wanted, seen, now);
      if (action.type === 'rest') {
        if (action.until !== undefined) this.reconcileAfter(action.until - now);
        return;
      }
      if (action.type === 'ignore') return this.ignore();
      await this.actions.run(action);
    }
    this.reconcileAfter(AGAIN_MS);
  }

  private tell(session: DesiredSession | null): void {
    this.toldSession = session;
    this.onTold();
  }

  /** Keeps the files of what is wanted, even if it is not prepared yet. */
  private keepBuilds(): void {
    const { wanted } = this;
    if (wanted.kind === 'session') this.host.keep([wanted.session.run]);
    if (wanted.kind === 'free') this.host.keep(wanted.run === null ? [] : [wanted.run]);
  }

  private ignore(): void {
    if (this.ignoredAt === this.sequence) return;
    this.ignoredAt = this.sequence;
    const { fence } = this.host.session.record;
    const logged = this.state.context.fence;
    this.log.warn({ fence, logged }, 'the log names a claim older than one seen before: ignored');
  }
}
