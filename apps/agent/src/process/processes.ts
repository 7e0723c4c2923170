import type { GameProcess, ProcessExit } from '#slot';
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
  /** Missing: the slot's folder. */
  readonly workingDirectory?: string;
}

/** One game process, from its start until its end is known. */
export interface Run {
  /** Names this start for ever; process ids come back. */
  readonly id: string;
  /** The secret that the agent shares with the game. */
  readonly token: string;
  readonly process: GameProcess;
  /** Null while it runs. */
  readonly exit: ProcessExit | null;
  /** What its end took, where that was more than usual; empty otherwise. */
  readonly remark: string;
  /** What is bound to a port, and whether by this game; null where the system does not tell. */
  socketsOn(port: number): Promise<readonly PortSocket[] | null>;
  /** Calls back once, when the end is known; at once if it is known already. */
  onEnd(listener: () => void): void;
  /**
   * Asks it to end, by SIGTERM if no other signal is named; what is left of it after `graceMs` is
   * killed. Resolves when it has ended.
   */
  stop(graceMs: number, signal?: NodeJS.Signals): Promise<void>;
  /** The same for a game that is not well: whatever it makes of it, it counts as crashed. */
  abort(graceMs: number): Promise<void>;
  /** Looks no longer; the process stays. */
  release(): void;
}

/** The game processes of a machine, at most one per slot. They survive the agent. */
export abstract class Processes {
  /** The slot's last run, started by this agent or an earlier life of it; null if there is none. */
  abstract find(slot: string): Promise<Run | null>;

  /** Throws `TransientError` where the process cannot be started. */
  abstract start(slot: string, launch: Launch): Promise<Run>;
}
