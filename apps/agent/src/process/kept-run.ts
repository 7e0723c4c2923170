import type { Cancel, Clock } from '#kernel';
import type { GameProcess, ProcessExit } from '#slot';
import { watch, type FSWatcher } from 'node:fs';
import { birthOf, isAlive } from './birth.js';
import { UNKNOWN_EXIT } from './exit-status.js';
import type { Run } from './processes.js';
import type { Kept, RunFolder, Started } from './run-folder.js';

/** Changes of the folder are told by the system; this is for where it forgets to, or cannot. */
const LOOK_MS = 500;

/** The same right after a kill, a few times. */
const KILL_LOOK_MS = 10;
const KILL_LOOKS_MAX = 50;

/** A game behind its keeper, known through the run folder only: whoever started it may be dead. */
export class KeptRun implements Run {
  readonly id: string;
  readonly token: string;
  readonly process: GameProcess;
  exit: ProcessExit | null = null;
  private listeners: (() => void)[] = [];
  private watcher: FSWatcher | undefined;
  private cancelLooks: Cancel | undefined;
  private looking = false;
  private lookAgain = false;
  private killed = false;

  constructor(
    private readonly folder: RunFolder,
    started: Started,
    private readonly kept: Kept | null,
    private readonly clock: Clock,
  ) {
    this.id = started.id;
    this.token = started.token;
    this.process = {
      pid: kept?.game.pid ?? 0,
      startedAt: started.startedAt,
      buildConfiguration: started.buildConfiguration,
      version: started.version,
    };
  }

  /** Looks once, then whenever something has changed, until the end is known. */
  async follow(): Promise<void> {
    try {
      this.watcher = watch(this.folder.path, () => void this.look());
      this.watcher.on('error', () => this.watcher?.close());
    } catch {
      // The system has no watch left to give: the slow look remains.
    }
    this.cancelLooks = this.clock.every(LOOK_MS, () => void this.look());
    await this.look();
  }

  onEnd(listener: () => void): void {
    if (this.exit === null) this.listeners.push(listener);
    else listener();
  }

  async stop(graceMs: number): Promise<void> {
    if (this.exit !== null) return;
    this.signal('SIGTERM');
    // A paused game hears of it only once it is continued.
    this.signal('SIGCONT');
    await new Promise<void>((resolve) => {
      const cancel = this.clock.after(graceMs, () => void this.kill());
      this.onEnd(() => {
        cancel();
        resolve();
      });
    });
  }

  release(): void {
    this.watcher?.close();
    this.cancelLooks?.();
  }

  /** One look at a time; what changes meanwhile is looked at afterwards. */
  async look(): Promise<void> {
    this.lookAgain = true;
    if (this.looking) return;
    this.looking = true;
    while (this.lookAgain && this.exit === null) {
      this.lookAgain = false;
      await this.lookOnce();
    }
    this.looking = false;
  }

  private async lookOnce(): Promise<void> {
    // First whether it lives, then its exit: a keeper writes the exit before it dies.
    const alive = await this.isKept();
    const exit = await this.folder.exit();
    if (exit !== null) return this.end(exit);
    if (alive) return;
    return this.end(this.killed ? { exitCode: null, signal: 'SIGKILL' } : UNKNOWN_EXIT);
  }

  /** The keeper dies with its game, so that nothing but looking tells. */
  private async kill(): Promise<void> {
    this.killed = true;
    this.signal('SIGKILL');
    for (let looks = 0; looks < KILL_LOOKS_MAX && this.exit === null; looks += 1) {
      await this.look();
      await this.clock.sleep(KILL_LOOK_MS);
    }
  }

  private async isKept(): Promise<boolean> {
    if (this.kept === null) return false;
    return (await isAlive(this.kept.keeper)) || (await isAlive(this.kept.game));
  }

  private async end(exit: ProcessExit): Promise<void> {
    this.release();
    await this.killLeftovers();
    this.exit = exit;
    const listeners = this.listeners;
    this.listeners = [];
    for (const listener of listeners) listener();
  }

  /** What the game started and left behind, unless the group's number means another one now. */
  private async killLeftovers(): Promise<void> {
    if (this.kept === null) return;
    const { pid, birth } = this.kept.keeper;
    const now = await birthOf(pid);
    if (now === null || now === birth) this.signal('SIGKILL');
  }

  private signal(signal: NodeJS.Signals): void {
    if (this.kept === null) return;
    try {
      process.kill(-this.kept.keeper.pid, signal);
    } catch {
      // The group is gone, which the next look tells.
    }
  }
}
