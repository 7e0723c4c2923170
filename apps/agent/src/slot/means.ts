import type { Bus, Chance, Clock } from '#kernel';
import type { Logger } from '#service';
import type { SlotLimits } from '#slot';
import type { Callback } from '../game/callback.js';
import type { Ports } from '../machine/ports.js';
import type { SlotFolder } from '../machine/slot-folder.js';
import type { Processes } from '../process/processes.js';

/** What all slots of an agent have in common. */
export interface GameSettings {
  readonly fleet: string;
  readonly buildConfiguration: string;
  /** Executable and arguments, with placeholders. */
  readonly command: readonly string[];
  /** Variables of the game beside those that Berth adds. */
  readonly environment: Readonly<Record<string, string>>;
  readonly attributes: Readonly<Record<string, string>>;
  readonly requiredAttributes: readonly string[];
  readonly priority: number;
  /** The address that players are told. */
  readonly ip: string;
  readonly limits: SlotLimits;
  /** Whether free slots have a process standing ready. */
  readonly keepWarm: boolean;
  /** From SIGTERM to SIGKILL. */
  readonly stopGraceMs: number;
}

/** Everything of the world that the agent's logic touches; a simulator brings its own. */
export interface Means {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly bus: Bus;
  readonly processes: Processes;
  readonly callback: Callback;
  readonly ports: Ports;
  readonly openFolder: (slot: string) => Promise<SlotFolder>;
  readonly logger: Logger;
}
