import { birthOf, isAlive } from '#folder-lock';
import type { Cancel, Clock } from '#kernel';
import type { GameProcess, ProcessExit } from '#slot';
import { watch, type FSWatcher } from 'node:fs';
import type { PortSocket } from '../game/reach.js';
import type { GameLog } from '../logs/game-log.js';
import { boundSockets, heldBy } from './bound-sockets.js';
import { UNKNOWN_EXIT } from './exit-status.js';
import { inWords, killLeftovers, signalOne } from './leftovers.js';
import { membersOf, type Family, type Member } from './members.js';
import { outOf, usedInWords, type GameCgroup } from './game-cgroup.js';
import type { Run } from './processes.js';
import type { Kept, RunFolder, Started } from './run-folder.js';

/**
 * How often (ms) the run folder is read. `fs.watch` reports changes sooner, but it may miss some or
 * be unavailable.
 */
const LOOK_MS = 500;

/** How often (ms) the run folder is read after a kill, and how many times. */
const KILL_LOOK_MS = 10;
const KILL_LOOKS_MAX = 50;

/** Stands for no process group: no group has this number. */
const NO_GROUP = -1;

export interface KeptRunDeps {
  readonly clock: Clock;
  /** Whether only the game itself may hold its ports. */
  readonly checkListeners: boolean;
  readonly output: GameLog;
  /** The control group that limits the game; null if none does. */
  readonly cgroup: GameCgroup | null;
}

export type KillCause = 'grace' | 'limit';

/**
 * A game behind its keeper. All that is known of it comes from the run folder, because the agent
 * that started it may be gone.
 */
export class KeptRun implements Run {
  readonly id: string;
  readonly token: string;
  readonly process: GameProcess;
  exit: ProcessExit | null = null;
  remark = '';
  private listeners: (() => void)[] = [];
  private watcher: FSWatcher | undefined;
  private cancelLooks: Cancel | undefined;
  private looking = false;
  private lookAgain = false;
  private stopped = false;
  /** Why the game was killed, if it was: it did not stop in time, or took more than its limits. */
  killedFor: KillCause | null = null;

  constructor(
    private readonly folder: RunFolder,
    started: Started,
    private readonly kept: Kept | null,
    private readonly deps: KeptRunDeps,
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

  /** All processes that the game has started, to be looked up by `membersOf`. */
  get family(): Family {
    const { pid = NO_GROUP, birth = '' } = this.kept?.keeper ?? {};
    const since = Number.parseInt(birth, 10) || 0;
    return { group: pid, mark: this.id, since, user: this.folder.user };
  }

  async socketsOn(port: number): Promise<readonly PortSocket[] | null> {
    const { pid } = this.process;
    const all = await boundSockets(pid);
    const bound = all?.filter((socket) => socket.port === port) ?? null;
    if (bound === null || bound.length === 0) return bound && [];
    if (!this.deps.checkListeners) return bound.map((socket) => ({ ...socket, isOwn: true }));
    let held = await heldBy([pid], bound);
    if (held.size < bound.length) {
      const [members = []] = await membersOf([await this.familyNow()]);
      held = await heldBy([pid, ...members.map((member) => member.pid)], bound);
    }
    return bound.map(({ protocol, address, inode }) => {
      return { protocol, address, isOwn: held.has(inode) };
    });
  }

  /** Reads the run folder once, then after every change, until the end of the game is known. */
  async follow(): Promise<void> {
    try {
      this.watcher = watch(this.folder.keeperPath, () => void this.look());
      this.watcher.on('error', () => this.watcher?.close());
    } catch {
      // The system has no watch left to give: the check every `LOOK_MS` remains.
    }
    this.cancelLooks = this.deps.clock.every(LOOK_MS, () => void this.look());
    await this.look();
  }

  onEnd(listener: () => void): void {
    if (this.exit === null) this.listeners.push(listener);
    else listener();
  }

  async stop(graceMs: number, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (this.exit !== null) return;
    this.stopped = true;
    await this.signal(signal);
    // A paused process gets the signal only when it is continued.
    await this.signal('SIGCONT');
    await new Promise<void>((resolve) => {
      const cancel = this.deps.clock.after(graceMs, () => {
        this.remark = `killed ${graceMs / 1000} s after ${signal}`;
        void this.kill();
      });
      this.onEnd(() => {
        cancel();
        resolve();
      });
    });
  }

  async abort(graceMs: number): Promise<void> {
    if (this.exit !== null) return;
    // Written before the signal is sent: an exit code of 0 must not look like the end of a session.
    this.folder.condemn();
    await this.stop(graceMs, 'SIGABRT');
  }

  release(): void {
    this.watcher?.close();
    this.cancelLooks?.();
  }

  /** One look at a time. A change during a look leads to another look. */
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
    // Check first whether the keeper lives, then read the exit: a keeper writes the exit before it
    // dies.
    const alive = await this.isKept();
    const exit = await this.folder.exit();
    if (exit !== null) return this.end(exit);
    if (alive) return;
    return this.end(this.killedFor === null ? UNKNOWN_EXIT : { exitCode: null, signal: 'SIGKILL' });
  }

  /**
   * SIGKILL ends the keeper together with its game, so that nothing reports the end: look for it.
   */
  private async kill(): Promise<void> {
    this.killedFor = 'grace';
    await this.signal('SIGKILL');
    for (let looks = 0; looks < KILL_LOOKS_MAX && this.exit === null; looks += 1) {
      await this.look();
      await this.deps.clock.sleep(KILL_LOOK_MS);
    }
  }

  private async isKept(): Promise<boolean> {
    if (this.kept === null) return false;
    return (await isAlive(this.kept.keeper)) || (await isAlive(this.kept.game));
  }

  private async end(exit: ProcessExit): Promise<void> {
    this.release();
    await this.sweep();
    const wasUnwell = exit.exitCode === 0 && (await this.folder.isCondemned());
    const used = (await this.deps.cgroup?.used().catch(() => null)) ?? null;
    if (used !== null) this.remark = [this.remark, usedInWords(used)].filter(Boolean).join('; ');
    const wasKilled = exit.exitCode !== 0 && used !== null && used.oomKills > 0;
    if (wasKilled) this.killedFor = 'limit';
    const lastLine = await this.deps.output.lastLine(this.process.startedAt).catch(() => '');
    this.exit = {
      ...(wasUnwell ? { exitCode: null, signal: 'SIGABRT' } : exit),
      ...(lastLine !== '' && { lastLine }),
      ...(wasKilled && { killedAs: outOf(used) }),
    };
    const listeners = this.listeners;
    this.listeners = [];
    for (const listener of listeners) listener();
  }

  /**
   * Kills the processes that the game started and left behind. If the game was told to stop, those
   * of its group were told too and are not reported as left behind; those outside the group are.
   */
  private async sweep(): Promise<void> {
    const family = await this.familyNow();
    const { clock, cgroup } = this.deps;
    const isLeft = ({ group }: Member) => !this.stopped || group !== family.group;
    const left = await killLeftovers(family, isLeft, clock);
    await cgroup?.kill();
    if (family.group !== NO_GROUP) signalOne(-family.group, 'SIGKILL');
    this.remark = [this.remark, inWords(left)].filter(Boolean).join('; ');
  }

  /** Leaves out the group if its number belongs to another process by now. */
  private async familyNow(): Promise<Family> {
    const { family } = this;
    const now = await birthOf(family.group);
    return now === null || now === this.kept?.keeper.birth
      ? family
      : { ...family, group: NO_GROUP };
  }

  /** Sends the signal to the process group, and to the processes that have left the group. */
  private async signal(signal: NodeJS.Signals): Promise<void> {
    const family = await this.familyNow();
    if (family.group !== NO_GROUP) signalOne(-family.group, signal);
    const [members = []] = await membersOf([family]);
    for (const { pid, group } of members) if (group !== family.group) signalOne(pid, signal);
  }
}
