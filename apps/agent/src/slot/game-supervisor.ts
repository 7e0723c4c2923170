import type { Clock } from '#kernel';
import type { Logger } from '#service-runtime';
import type { Run } from '../process/processes.js';
import type { BuildPreparer } from './build-preparer.js';
import { noSignals, type GameSignals } from './game-signals.js';
import type { SessionStore } from './session-store.js';
import type { StartFailures } from './start-failures.js';

export interface GameSupervisorDeps {
  readonly clock: Clock;
  readonly log: Logger;
  readonly session: SessionStore;
  readonly builds: BuildPreparer;
  readonly failures: StartFailures;
}

/** The game of one slot: whether it runs, what it says of itself, and how it ends. */
export class GameSupervisor {
  /** The latest run; it may have ended. */
  run: Run | null = null;
  /** What it took to end the last run, if more than usual; otherwise empty. */
  remark = '';
  private stopping = false;
  private aborting = false;
  private said: GameSignals = noSignals;

  /** Called when a run has ended. */
  onEnd: () => void = () => undefined;

  constructor(private readonly deps: GameSupervisorDeps) {}

  get running(): Run | null {
    return this.run?.exit === null ? this.run : null;
  }

  get isStopping(): boolean {
    return this.stopping;
  }

  /** Leaves out a hold whose time has passed. */
  get signals(): GameSignals {
    const { said } = this;
    const isHeld = said.heldUntil !== null && said.heldUntil > this.deps.clock.now();
    return isHeld || said.heldUntil === null ? said : { ...said, heldUntil: null };
  }

  /** Ignores signals if no game runs. Returns whether a game runs. */
  receive(signals: Partial<GameSignals>): boolean {
    if (this.running === null) return false;
    this.said = { ...this.said, ...signals };
    return true;
  }

  adopt(run: Run): void {
    this.run = run;
    run.onEnd(() => this.ended(run));
  }

  /** Resolves when the game has ended. `onEnd` is called too. */
  async stop(graceMs: number, signal: NodeJS.Signals): Promise<void> {
    const { running } = this;
    if (running === null) return;
    this.stopping = true;
    this.deps.log.info({ game: running.process.pid }, 'stopping the game');
    await running.stop(graceMs, signal);
  }

  /** Ends an unhealthy game. Unlike a stop, this counts as a crash. */
  async abort(graceMs: number): Promise<void> {
    const { running } = this;
    if (running === null || this.stopping) return;
    this.aborting = this.stopping = true;
    this.deps.log.warn({ game: running.process.pid }, 'ending the game: it failed a check');
    await running.abort(graceMs);
  }

  private ended(run: Run): void {
    const { exit } = run;
    const { clock, log, session, builds, failures } = this.deps;
    const livedMs = clock.now() - run.process.startedAt;
    log.info({ game: run.process.pid, ...exit, livedMs }, 'the game has ended');
    const { readiness } = builds.configurationOf(run.process);
    const isPlayed = exit?.exitCode === 0 && session.hasBegun(run, readiness);
    if ((this.stopping && !this.aborting) || isPlayed) failures.reset();
    else failures.endedEarly(exit, livedMs);
    this.remark = run.remark;
    this.stopping = this.aborting = false;
    this.said = noSignals;
    this.onEnd();
  }
}
