import type { FleetSize } from './fleet.state.js';

interface Wanted {
  readonly at: number;
  readonly reason: string;
  readonly by: string;
}

export interface SizeFleet extends Wanted {
  readonly type: 'SizeFleet';
  /** Null: none any more. */
  readonly size: FleetSize | null;
}

/** Says what the fleet's free slots are to run, and how many of them may change at a time. */
export interface ConfigureFleet extends Wanted {
  readonly type: 'ConfigureFleet';
  /** Null: as each agent is set. */
  readonly buildConfiguration: string | null;
  readonly atATime: number;
}

export type FleetCommand = SizeFleet | ConfigureFleet;
