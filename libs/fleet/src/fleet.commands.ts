import type { FleetSize } from './fleet.state.js';

interface Wanted {
  readonly at: number;
  readonly reason: string;
  readonly by: string;
}

export interface SizeFleet extends Wanted {
  readonly type: 'SizeFleet';
  /** Null removes the size. */
  readonly size: FleetSize | null;
}

/** Sets what the fleet's free slots run, and how many of them may change at a time. */
export interface ConfigureFleet extends Wanted {
  readonly type: 'ConfigureFleet';
  /** Null: each agent uses its own setting. */
  readonly buildConfiguration: string | null;
  readonly atATime: number;
}

export type FleetCommand = SizeFleet | ConfigureFleet;
