import type { BuildConfiguration, CallbackMeans, Checks } from '#build';
import type { SlotLimits } from '#slot';

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
  /** Others that players are told, by name; if missing: none. */
  readonly addresses?: Readonly<Record<string, string>>;
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
  /** Whether bots that a query tells of count as players; if missing: they do not. */
  readonly countBots?: boolean;
  /** Where games find the SDK daemon; missing where there is none. */
  readonly sdkUrl?: string | null;
}
