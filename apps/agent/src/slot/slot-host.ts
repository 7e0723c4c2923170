import type { JsonText } from '#json';
import type { BuildConfiguration } from '#build';
import { errorMessage } from '#kernel';
import type { Logger } from '#service-runtime';
import type { Assignment, CheckFailure, Offer, SlotRef } from '#slot';
import { slotName } from '#wire';
import type { KeptSlot, SlotFolder } from '../machine/slot-folder.js';
import type { WatchedGame } from '../watch/watched-slot.js';
import { BuildPreparer, sameRun } from './build-preparer.js';
import { CallbackCaller } from './callback-caller.js';
import type { GameSettings } from './game-settings.js';
import type { GameSignals } from './game-signals.js';
import { GameSupervisor } from './game-supervisor.js';
import { launchOf } from './launch.js';
import type { Observed } from './observed.js';
import { isOpen, noSession } from './session-record.js';
import { SessionStore } from './session-store.js';
import type { SlotDeps } from './slot-deps.js';
import { SlotEnvironment } from './slot-environment.js';
import { StartFailures } from './start-failures.js';

/** What a slot's folder holds from an earlier life of the agent. */
export interface FoundSlot {
  readonly folder: SlotFolder;
  readonly kept: KeptSlot | null;
}

/**
 * One slot's part of the machine: its session on disk, its ports and files, its builds, its game and
 * the callbacks to it. Here is what takes more than one of them.
 */
export class SlotHost {
  readonly builds: BuildPreparer;
  readonly game: GameSupervisor;
  readonly callbacks: CallbackCaller;
  private readonly failures: StartFailures;

  private constructor(
    private readonly ref: SlotRef,
    private readonly settings: GameSettings,
    private readonly deps: SlotDeps,
    readonly session: SessionStore,
    readonly environment: SlotEnvironment,
    private readonly log: Logger,
    /** Is told that something here has changed by itself. */
    changed: () => void,
  ) {
    const { clock, callback, catalogue, builds } = deps;
    const failures = new StartFailures(clock);
    this.failures = failures;
    this.builds = new BuildPreparer(ref.slot, settings, {
      ...{ catalogue, builds, failures, log, changed },
    });
    this.game = new GameSupervisor({ ...{ clock, log, session, failures }, builds: this.builds });
    this.game.onEnd = () => {
      this.callbacks.cancel();
      changed();
    };
    this.callbacks = new CallbackCaller({
      ...{ clock, log, callback, session, environment, changed },
      builds: this.builds,
      game: this.game,
    });
  }

  /**
   * Finds what an earlier life of the agent left.
   *
   * @throws {TransientError} where no ports are free
   */
  static async open(
    ref: SlotRef,
    settings: GameSettings,
    deps: SlotDeps,
    { folder, kept }: FoundSlot,
    changed: () => void,
  ): Promise<SlotHost> {
    const log = deps.logger.child({ slot: slotName(ref) });
    const session = new SessionStore(folder, (await folder.readRecord()) ?? noSession);
    const run = await deps.processes.find(ref.slot);
    const isInUse = isOpen(session.record) || (run !== null && run.exit === null);
    const { ports } = deps;
    const environment = await SlotEnvironment.open(
      ref,
      settings,
      { ports, folder, log },
      isInUse ? (kept?.ports ?? null) : null,
    );
    const host = new SlotHost(ref, settings, deps, session, environment, log, changed);
    if (run !== null) host.game.adopt(run);
    // What the game of this run has said is known, be it that another life of the agent heard it.
    if (run !== null && session.isServedBy(run)) {
      host.receive({ readyFor: session.record.readyFor });
    }
    host.keep([]);
    return host;
  }

  get offer(): Offer {
    return this.environment.offer;
  }

  observe(): Observed {
    const { run, isStopping: stopping, signals, remark } = this.game;
    return {
      run,
      record: this.session.record,
      serverJson: this.environment.serverJson,
      calling: this.callbacks.isCalling,
      stopping,
      startAt: this.failures.startAt,
      buildConfiguration: this.settings.buildConfiguration,
      prepared: this.builds.current,
      answerBy: Infinity,
      signals,
      failure: this.failure,
      remark,
    };
  }

  /** What the game that runs says of itself. */
  receive(signals: Partial<GameSignals>): void {
    if (!this.game.receive(signals)) return;
    const { session, game } = this;
    const { readyFor } = game.signals;
    if (!isOpen(session.record) || readyFor === session.record.readyFor) return;
    session.amend({ readyFor }).catch((error: unknown) => {
      this.log.error({ error: errorMessage(error) }, 'what a game said was not kept');
    });
  }

  /** What the session's players hold, or will; null where nobody has one yet. */
  get token(): string | null {
    return this.session.token ?? this.game.running?.token ?? null;
  }

  /** The game that runs, where it is to be queried. */
  get watched(): WatchedGame | null {
    const { running, isStopping } = this.game;
    const { query, checks, coldStartMs, countBots } = this.configuration;
    if (running === null || isStopping || query === 'none') return null;
    const { id, process } = running;
    const { startedAt } = process;
    const { ip } = this.settings;
    const port = this.environment.ports.query;
    return { run: id, startedAt, protocol: query, ip, port, checks, coldStartMs, countBots };
  }

  /** Of what runs; else of what is to run, as far as that is known; else the agent's own. */
  get configuration(): BuildConfiguration {
    const { running } = this.game;
    return running === null
      ? this.builds.configuration
      : this.builds.configurationOf(running.process);
  }

  /** A new claim has been seen; what was wrong before it came need not be so any more. */
  begin(fence: number, allocationId: string): Promise<void> {
    this.game.remark = '';
    this.builds.clearFailure();
    const { clearedFence } = this.session.record;
    const runBefore = this.game.run?.id ?? null;
    return this.session.amend({ ...noSession, fence, clearedFence, allocationId, runBefore });
  }

  /** Has the files kept of what runs, what is prepared, and what is wanted besides. */
  keep(wanted: readonly Assignment[]): void {
    const { run } = this.builds.current;
    const { running } = this.game;
    this.builds.keep([
      ...(running === null ? [] : [running.process]),
      ...(run === null ? [] : [run]),
      ...wanted,
    ]);
  }

  async writeServerJson(allocationId: string): Promise<void> {
    const { run } = this.game;
    const { configuration } = this;
    const { payloadFile } = run ? this.builds.configurationOf(run.process) : configuration;
    if (allocationId === '' && payloadFile) await this.environment.removePayload(payloadFile);
    await this.environment.writeServerJson(configuration, allocationId);
  }

  /**
   * Starts what is prepared.
   *
   * @param again for a session whose process has crashed: its players' token has to be known to
   *   the new one
   * @throws {TransientError} where it cannot be started; the next start then waits a while
   */
  async start({ again }: { readonly again: boolean }): Promise<void> {
    const { clock, random, processes } = this.deps;
    const recipe = this.builds.current;
    if (recipe.state !== 'ready') return;
    const token = (again ? this.session.token : null) ?? random.id();
    const start = { id: random.id(), token, startedAt: clock.now() };
    const { configuration, installed } = recipe;
    const context = this.environment.launchContext(configuration, installed.folder);
    try {
      await this.environment.rewriteServerJson(context);
      const launch = launchOf(recipe, context, this.settings.environment, start);
      const run = await processes.start(this.ref.slot, launch);
      const { game: port } = context.ports;
      this.log.info({ ...recipe.run, game: run.process.pid, port }, 'started the game');
      this.game.adopt(run);
    } catch (error) {
      this.failures.notStarted(errorMessage(error));
      throw error;
    }
  }

  /** Resolves when the game has ended, which is told as a change besides. */
  stop(graceMsMax = Infinity): Promise<void> {
    const { stopGraceMs, stopSignal } = this.configuration;
    return this.game.stop(Math.min(stopGraceMs, graceMsMax), stopSignal);
  }

  /** Ends a game that is not well: unlike one that is stopped, it has crashed. */
  abort(): Promise<void> {
    return this.game.abort(this.configuration.stopGraceMs);
  }

  /** That the game has answered by `until` (epoch ms), or not, is told as a change. */
  callBack(payload: JsonText, until: number): void {
    const { run } = this.game;
    if (run !== null) void this.callbacks.callBack(run, payload, until);
  }

  /** Lets go of everything; a game that runs goes on. */
  close(): void {
    this.callbacks.cancel();
    this.builds.close();
    this.game.run?.release();
  }

  /** Why what is to run does not; what was wrong before it runs is over. */
  private get failure(): CheckFailure | null {
    const running = this.game.running?.process ?? null;
    return sameRun(running, this.builds.current.run) ? null : this.failures.failure;
  }
}
