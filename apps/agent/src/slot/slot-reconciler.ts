import { Reconciler } from '#slot-owner';
import type { Cancel } from '#kernel';
import type { Logger } from '#service-runtime';
import type { CheckFailure, SlotRef } from '#slot';
import { slotName } from '#wire';
import { isDeepStrictEqual } from 'node:util';
import type { WatchedGame } from '../watch/watched-slot.js';
import { ActionRunner } from './action-runner.js';
import { ClaimTime } from './claim-time.js';
import { desired, type Desired, type DesiredSession } from './desired.js';
import type { GameSettings } from './game-settings.js';
import type { Counted, GameSignals } from './game-signals.js';
import type { SlotDeps } from './slot-deps.js';
import type { SlotHost } from './slot-host.js';
import { nextAction } from './slot-plan.js';
import { StatusReporter } from './status-reporter.js';

/** A slot is looked at this often (ms), even if nobody says that something has changed. */
const LOOK_MS = 10_000;

/** After a plan that did not come to an end, the next try (ms). */
const AGAIN_MS = 1_000;

/** A game that ends together with its agent has no more time than this (ms), whatever is set. */
const END_GRACE_MS = 5_000;

/** No plan has more than a handful of actions; one that has goes in circles. */
const ACTIONS_MAX = 32;

/** Makes one slot's part of the machine follow the log, and the log learn of it. */
export class SlotReconciler extends Reconciler {
  private ignoredAt = 0;
  private ending = false;
  private toldSession: DesiredSession | null = null;
  private readonly claim: ClaimTime;
  private readonly actions: ActionRunner;
  private readonly status: StatusReporter;
  private readonly cancelLooks: Cancel;

  /** Is called when `told` has become another one. */
  onTold: () => void = () => undefined;

  constructor(
    ref: SlotRef,
    incarnation: number,
    private readonly settings: GameSettings,
    private readonly deps: SlotDeps,
    private readonly host: SlotHost,
  ) {
    const { clock } = deps;
    const log: Logger = deps.logger.child({ slot: slotName(ref) });
    super(ref, log, deps);
    this.claim = new ClaimTime(clock);
    this.status = new StatusReporter({ clock, host, reporter: this.reporter, incarnation });
    this.actions = new ActionRunner({
      ...{ host, claim: this.claim, clock, log },
      wanted: () => this.wanted,
      told: (session) => this.tell(session),
      // Not waited for: the action that retires is what it waits for.
      retired: () => void this.close(),
    });
    this.cancelLooks = clock.every(LOOK_MS, () => this.reconcile());
  }

  /** The session that the game has been told of: its server.json names it. */
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

  /** The game that runs, where it is to be queried. */
  watched(): WatchedGame | null {
    return this.host.watched;
  }

  /** To be called with what a query says of the players. */
  counted(counted: Counted): void {
    if (isDeepStrictEqual(counted, this.signals.counted)) return;
    if ('uncounted' in counted) this.log.warn(counted, 'the game answers; its players are unknown');
    this.receive({ counted });
  }

  /** To be called when a check of a run has failed: it is ended once the log says why. */
  checkFailed(run: string, failure: CheckFailure): void {
    this.log.warn({ ...failure }, 'a check of the game failed');
    this.status.checkFailed(run, failure);
    this.reconcile();
  }

  /** To be called with what the game says of itself. */
  receive(signals: Partial<GameSignals>): void {
    this.host.receive(signals);
    this.reconcile();
  }

  /** Stops the game, tells the log, and waits up to `shownMs` for the log to have heard. */
  async end(shownMs: number): Promise<void> {
    this.ending = true;
    this.host.callbacks.cancel();
    await this.host.stop(END_GRACE_MS);
    const shown = this.status.shown(shownMs);
    this.reconcile();
    await shown;
  }

  /** A game that runs goes on. */
  override async close(): Promise<void> {
    this.cancelLooks();
    await super.close();
    this.host.close();
  }

  protected override followed(isFirst: boolean): void {
    // A hold is the log's to remember while there is no agent.
    if (isFirst) this.host.receive({ heldUntil: this.state.context.heldUntil });
    this.claim.see(this.state);
  }

  protected async approach(): Promise<void> {
    this.keepBuilds();
    if (!this.ending) await this.act();
    if (!this.isClosed) this.status.report(this.wanted, this.state, this.sequence);
    this.status.endUnhealthy(this.state);
  }

  private get wanted(): Desired {
    return desired(this.state, this.settings.keepWarm);
  }

  /** One action after the other, each decided from what the one before has led to. */
  private async act(): Promise<void> {
    this.cancelReconcileAfter();
    for (let count = 0; count < ACTIONS_MAX && !this.isClosed; count += 1) {
      const now = this.deps.clock.now();
      const seen = { ...this.host.observe(), answerBy: this.claim.answerBy };
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

  /** What is wanted is kept on the machine, be it not prepared yet. */
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
