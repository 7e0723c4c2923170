import type { BuildConfiguration, Checks } from '#build';
import type { CallbackMeans } from '#build';
import type { Bus, Random, Clock } from '#kernel';
import type { Logger } from '#service-runtime';
import type { SlotLimits } from '#slot';
import type { Builds } from '../builds/builds.js';
import type { Catalogue } from '../builds/catalogue.js';
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
  /** How games are told of their sessions; if missing: `POST /allocate` with the bare payload. */
  readonly callback?: CallbackMeans;
  /** Whether slots run any build configuration of the region; if missing: their own only. */
  readonly runsAny?: boolean;
  /** How games are asked who plays; missing: they are not. */
  readonly query?: BuildConfiguration['query'];
  readonly checks?: Checks;
  /** Where games find the SDK daemon; missing where there is none. */
  readonly sdkUrl?: string | null;
}

/** Everything of the world that the agent's logic touches; a simulator brings its own. */
export interface Means {
  readonly clock: Clock;
  readonly random: Random;
  readonly bus: Bus;
  readonly processes: Processes;
  /** If missing, what the agent itself is set to is all it runs. */
  readonly catalogue?: Catalogue;
  readonly builds?: Builds;
  readonly callback: Callback;
  readonly ports: Ports;
  readonly openFolder: (slot: string) => Promise<SlotFolder>;
  readonly logger: Logger;
}
