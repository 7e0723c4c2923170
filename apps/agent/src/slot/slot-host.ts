import type { JsonText } from '#json';
import type { BuildConfiguration } from '#build';
import { errorMessage } from '#kernel';
import type { Logger } from '#service-runtime';
import type { Assignment, CheckFailure, Offer, SlotRef } from '#slot';
import type { KeptSlot, SlotFolder } from '../machine/slot-folder.js';
import type { WatchedGame } from '../watch/watched-slot.js';
import { readSecrets, type MachineSecrets } from '../game/secrets.js';
import { BuildPreparer, sameRun } from './build-preparer.js';
import { CallbackCaller } from './callback-caller.js';
import type { GameSettings } from './game-settings.js';
import type { GameSignals } from './game-signals.js';
import type { DesiredSession } from './desired.js';
import { GameSupervisor } from './game-supervisor.js';
import { launchOf } from './launch.js';
import type { Observed } from './observed.js';
import { isOpen, noSession } from './session-record.js';
import { SessionStore } from './session-store.js';
import type { SlotDeps } from './slot-deps.js';
import { slotLog } from './slot-log.js';
import { SlotEnvironment } from './slot-environment.js';
import { StartFailures } from './start-failures.js';

const NONE: MachineSecrets = { folder: undefined, environment: {} };

/** What the agent finds in a slot's folder when it starts. */
export interface FoundSlot {
  readonly folder: SlotFolder;
  readonly kept: KeptSlot | null;
}

/**
 * One slot's part of the machine: its session on disk, its ports and files, its builds, its game
 * and the callbacks to it. This class holds what needs more than one of these.
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
    /** Called when something here has changed by itself. */
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
   * Takes over what the agent left on the machine before it was restarted.
   *
   * @throws {TransientError} if no ports are free
   */
  static async open(
    ref: SlotRef,
    settings: GameSettings,
    deps: SlotDeps,
    { folder, kept }: FoundSlot,
    changed: () => void,
  ): Promise<SlotHost> {
    const session = new SessionStore(folder, (await folder.readRecord()) ?? noSession);
    const log = slotLog(deps.logger, ref, session);
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
    // The record has kept what the game of this run said before the agent was restarted.
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
      unloggedUntil: Infinity,
      signals,
      failure: this.failure,
      remark,
    };
  }

  /** Takes in what the running game says of itself. */
  receive(signals: Partial<GameSignals>): void {
    if (!this.game.receive(signals)) return;
    const { session, game } = this;
    const { readyFor } = game.signals;
    if (!isOpen(session.record) || readyFor === session.record.readyFor) return;
    session.amend({ readyFor }).catch((error: unknown) => {
      this.log.error({ error: errorMessage(error) }, 'the signals of a game could not be saved');
    });
  }

  /** The token that the session's players have, or will get; null if there is none yet. */
  get token(): string | null {
    return this.session.token ?? this.game.running?.token ?? null;
  }

  /** The running game, if it is to be queried; otherwise null. */
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

  /**
   * The configuration of the running game; otherwise the one that is ready to start; otherwise the
   * agent's own.
   */
  get configuration(): BuildConfiguration {
    const { running } = this.game;
    return running === null
      ? this.builds.configuration
      : this.builds.configurationOf(running.process);
  }

  /** Begins the session of a new claim. Forgets earlier failures, which may not happen again. */
  begin({ fence, allocation }: DesiredSession): Promise<void> {
    this.game.remark = '';
    this.builds.clearFailure();
    const { clearedFence } = this.session.record;
    const runBefore = this.game.run?.id ?? null;
    const { id: allocationId } = allocation;
    const claim = { fence, allocationId, allocation };
    return this.session.amend({ ...noSession, ...claim, clearedFence, runBefore });
  }

  /** Continues the session under another fence. */
  async adopt(fence: number): Promise<void> {
    const isReady = this.session.record.readyFor === this.session.record.fence;
    await this.session.amend({ fence });
    if (isReady) this.receive({ readyFor: fence });
  }

  /** Keeps the files of what runs, of what is prepared, and of what is wanted. */
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
   * Starts what is prepared. Does nothing if it is not ready.
   *
   * @param again for a session whose process has crashed: the new process gets the token that the
   * players have already
   * @throws {TransientError} if the game cannot be started; the next start then waits for a while
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
      const { environment, secrets: here = NONE } = this.settings;
      const secrets = await readSecrets(configuration.secrets ?? {}, here);
      const launch = launchOf(recipe, context, environment, start, secrets);
      const run = await processes.start(this.ref.slot, launch);
      const { game: port } = context.ports;
      this.log.info({ ...recipe.run, game: run.process.pid, port }, 'started the game');
      this.game.adopt(run);
    } catch (error) {
      const reason = errorMessage(error);
      const isNew = this.failures.notStarted(reason);
      if (isNew) this.log.error({ reason }, 'the game cannot be started');
      throw error;
    }
  }

  /** Resolves when the game has ended. `changed` is called too. */
  stop(graceMsMax = Infinity): Promise<void> {
    const { stopGraceMs, stopSignal } = this.configuration;
    return this.game.stop(Math.min(stopGraceMs, graceMsMax), stopSignal);
  }

  /** Ends an unhealthy game. Unlike a stop, this counts as a crash. */
  abort(): Promise<void> {
    return this.game.abort(this.configuration.stopGraceMs);
  }

  /** Calls the game; `changed` is called when it has answered, or has not by `until` (epoch ms). */
  callBack(payload: JsonText, until: number): void {
    const { run } = this.game;
    if (run !== null) void this.callbacks.callBack(run, payload, until);
  }

  /** Releases everything; a running game goes on. */
  close(): void {
    this.callbacks.cancel();
    this.builds.close();
    this.game.run?.release();
  }

  /** Why the wanted version does not run; null once it runs. */
  private get failure(): CheckFailure | null {
    const running = this.game.running?.process ?? null;
    return sameRun(running, this.builds.current.run) ? null : this.failures.failure;
  }
}
