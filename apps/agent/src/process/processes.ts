import type { GameProcess, ProcessExit } from '#slot';
import type { GameLimits } from './game-cgroup.js';
import type { PortSocket } from '../game/reach.js';

/** How to start a game. */
export interface Launch {
  readonly id: string;
  readonly token: string;
  /** Epoch ms. */
  readonly startedAt: number;
  readonly buildConfiguration: string;
  readonly version: number;
  /** Executable and arguments. */
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly workingDirectory: string;
  readonly limits?: GameLimits;
  /** Group of the build's files, if games run as users of their own. */
  readonly group?: number;
}

/** One game process, from its start until its end is known. */
export interface Run {
  /** Identifies this start for good; the system reuses process ids. */
  readonly id: string;
  /** The secret that the agent shares with the game. */
  readonly token: string;
  readonly process: GameProcess;
  /** Null while it runs. */
  readonly exit: ProcessExit | null;
  /** What it took to end the game, if more than usual; otherwise empty. */
  readonly remark: string;
  /**
   * The sockets bound to a port, and whether this game holds them; null if the system does not
   * tell.
   */
  socketsOn(port: number): Promise<readonly PortSocket[] | null>;
  /** Calls `listener` once, when the end is known; at once if it is known already. */
  onEnd(listener: () => void): void;
  /**
   * Sends a signal, SIGTERM if none is named, and kills what is left after `graceMs`. Resolves when
   * the game has ended.
   */
  stop(graceMs: number, signal?: NodeJS.Signals): Promise<void>;
  /** Stops an unhealthy game. Its end counts as a crash, even with exit code 0. */
  abort(graceMs: number): Promise<void>;
  /** Stops watching the process, which keeps running. */
  release(): void;
}

/** The game processes of a machine, at most one per slot. They survive the agent. */
export abstract class Processes {
  /** The slot's last run, started by this agent or before its restart; null if there is none. */
  abstract find(slot: string): Promise<Run | null>;

  /** Throws `TransientError` if the process cannot be started. */
  abstract start(slot: string, launch: Launch): Promise<Run>;
}
