import type { FleetSize } from './fleet.state.js';

export interface SizeFleet {
  readonly type: 'SizeFleet';
  readonly at: number;
  /** Null: none any more. */
  readonly size: FleetSize | null;
  readonly reason: string;
  readonly by: string;
}

export type FleetCommand = SizeFleet;
