import { TransientError, type Clock } from '#kernel';
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { GameLogs } from '../logs/game-log.js';
import type { GameUsers } from '../machine/game-users.js';
import type { GameCgroups } from './game-cgroup.js';
import { KEEPER } from './keeper.js';
import { KeptRun, type KillCause } from './kept-run.js';
import { RUN_VARIABLE, type Family } from './members.js';
import { Processes, type Launch, type Run } from './processes.js';
import { RunFolder, type Kept, type Started } from './run-folder.js';

/** How long (ms) a keeper may take to start its game. On an idle machine it takes milliseconds. */
const START_MS_MAX = 10_000;
const START_LOOK_MS = 5;

export interface GameRunnerSettings {
  /**
   * Whether only the game itself may hold its ports; it does if missing. False if the game runs in a
   * container.
   */
  readonly checkListeners?: boolean;
  /** The users that games run as; the agent's own if missing or null. */
  readonly users?: GameUsers | null;
  /** Groups that limit games; if missing or null, games have no limits. */
  readonly cgroups?: GameCgroups | null;
}

/** Runs each game as a child process of its own keeper, with its files in `<data>/<slot>`. */
export class GameRunner extends Processes {
  /** The last run of each slot. */
  private readonly runs = new Map<string, KeptRun>();
  /** How many games were started since the agent's start, and how many of these starts failed. */
  readonly starts = { tried: 0, failed: 0 };
  /** How many games were killed since then, by cause. */
  readonly kills: Record<KillCause, number> = { grace: 0, limit: 0 };

  constructor(
    private readonly dataFolder: string,
    private readonly clock: Clock,
    private readonly logs = new GameLogs(dataFolder),
    private readonly settings: GameRunnerSettings = {},
  ) {
    super();
  }

  async find(slot: string): Promise<Run | null> {
    const folder = this.folderOf(slot);
    const started = folder.started();
    if (started === null) return null;
    const run = this.runOf(slot, folder, started, await folder.kept());
    await run.follow();
    // One that has ended before was not killed since the agent's start.
    if (run.exit === null) this.countKillOf(run);
    return run;
  }

  async start(slot: string, launch: Launch): Promise<Run> {
    const folder = this.folderOf(slot);
    const { id, token, startedAt, buildConfiguration, version } = launch;
    const started = { id, token, startedAt, buildConfiguration, version };
    await folder.prepare(started);
    this.starts.tried += 1;
    const { keeper, kept } = await this.launched(slot, folder, launch);
    const run = this.runOf(slot, folder, started, kept);
    this.countKillOf(run);
    keeper.once('exit', () => void run.look());
    await run.follow();
    return run;
  }

  private folderOf(slot: string): RunFolder {
    return new RunFolder(join(this.dataFolder, slot), this.settings.users?.of(slot) ?? null);
  }

  private runOf(slot: string, folder: RunFolder, started: Started, kept: Kept | null): KeptRun {
    const output = this.logs.of(slot);
    const { checkListeners = true, cgroups } = this.settings;
    const run = new KeptRun(folder, started, kept, {
      ...{ clock: this.clock, checkListeners, output },
      cgroup: cgroups?.of(slot) ?? null,
    });
    this.runs.set(slot, run);
    return run;
  }

  private countKillOf(run: KeptRun): void {
    run.onEnd(() => {
      if (run.killedFor !== null) this.kills[run.killedFor] += 1;
    });
  }

  private async launched(slot: string, folder: RunFolder, launch: Launch) {
    try {
      const keeper = await this.spawnKeeper(slot, folder, launch);
      return { keeper, kept: await this.whenStarted(folder, keeper) };
    } catch (error) {
      this.starts.failed += 1;
      throw error;
    }
  }

  /** The processes of each slot whose game runs, to be looked up by `membersOf`. */
  families(): ReadonlyMap<string, Family> {
    const running = [...this.runs].filter(([, { exit }]) => exit === null);
    return new Map(running.map(([slot, { family }]) => [slot, family]));
  }

  /**
   * The game's output goes to a file, because a broken pipe would end the game when the agent ends.
   */
  private async spawnKeeper(
    slot: string,
    folder: RunFolder,
    launch: Launch,
  ): Promise<ChildProcess> {
    const cgroup = this.settings.cgroups?.of(slot) ?? null;
    await cgroup?.prepare(launch.limits ?? {});
    const log = await this.logs.of(slot).open();
    try {
      const { user, keeperPath } = folder;
      const keeper = spawn('/bin/sh', ['-c', KEEPER, 'keeper', keeperPath, ...launch.command], {
        cwd: launch.workingDirectory,
        // The system drops all other groups, and the agent's rights with them.
        ...(user !== null && { uid: user, gid: launch.group ?? user }),
        env: { ...launch.environment, [RUN_VARIABLE]: launch.id },
        detached: true,
        stdio: ['pipe', log.fd, log.fd],
      });
      await new Promise<void>((resolve, reject) => {
        keeper.once('spawn', resolve);
        keeper.once('error', (cause) =>
          reject(new TransientError('the keeper process could not be started', { cause })),
        );
      });
      await cgroup?.add(keeper.pid ?? 0).catch((cause: unknown) => {
        keeper.kill('SIGKILL');
        throw new TransientError('the game could not be put into its control group', { cause });
      });
      // A keeper that is gone by now is noticed by its exit.
      keeper.stdin?.on('error', () => undefined).end('go\n');
      keeper.unref();
      return keeper;
    } finally {
      await log.close();
    }
  }

  private async whenStarted(folder: RunFolder, keeper: ChildProcess): Promise<Kept> {
    const until = this.clock.now() + START_MS_MAX;
    for (;;) {
      const isOver = keeper.exitCode !== null || keeper.signalCode !== null;
      const kept = await folder.kept();
      if (kept !== null) return kept;
      if (isOver || this.clock.now() >= until) {
        keeper.kill('SIGKILL');
        throw new TransientError('the keeper did not start its game');
      }
      await this.clock.sleep(START_LOOK_MS);
    }
  }
}
