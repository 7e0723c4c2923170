import type { BuildConfiguration, CallbackMeans, Checks } from '#build';
import type { SlotLimits } from '#slot';
import type { MachineSecrets } from '../game/secrets.js';
import type { GameLimits } from '../process/game-cgroup.js';
import type { Allowed } from './allowed.js';

/** The settings that all slots of an agent share. */
export interface GameSettings {
  readonly fleet: string;
  readonly buildConfiguration: string;
  /** Executable and arguments, with placeholders. */
  readonly command: readonly string[];
  /** Environment variables of the game, beside those that Berth adds. */
  readonly environment: Readonly<Record<string, string>>;
  /** What build configurations may name; if missing, there are no secrets. */
  readonly secrets?: MachineSecrets;
  readonly attributes: Readonly<Record<string, string>>;
  readonly requiredAttributes: readonly string[];
  readonly priority: number;
  /** The address that players are told. */
  readonly ip: string;
  /** Further addresses that players are told, by name; missing if there are none. */
  readonly addresses?: Readonly<Record<string, string>>;
  readonly limits: SlotLimits;
  /** The projects that the slots are for; if missing, the default project. */
  readonly projects?: readonly string[];
  /** Whether free slots have a process ready. */
  readonly keepWarm: boolean;
  /** Time from SIGTERM to SIGKILL. */
  readonly stopGraceMs: number;
  /** How games are told of their sessions; if missing: `POST /allocate` with the bare payload. */
  readonly callback?: CallbackMeans;
  /** Whether slots run any build configuration of the region; if missing, only the agent's own. */
  readonly runsAny?: boolean;
  /** What build configurations of the region may do on this machine. */
  readonly allowed: Allowed;
  /** What games of the agent's own configuration may use; if missing, there are no limits. */
  readonly gameLimits?: GameLimits;
  /** The protocol in which games are queried; if missing, games are not queried. */
  readonly query?: BuildConfiguration['query'];
  readonly checks?: Checks;
  /** Whether bots in the answer to a query count as players; if missing, they do not. */
  readonly countBots?: boolean;
  /** URL of the SDK daemon for games; missing or null if there is none. */
  readonly sdkUrl?: string | null;
}
