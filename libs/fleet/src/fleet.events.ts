import type { FleetSize } from './fleet.state.js';

/** A fact about one fleet in one region. `at` is when it was recorded (epoch ms). */
interface Happened<Type extends string> {
  readonly type: Type;
  readonly at: number;
  readonly reason: string;
  readonly by: string;
}

export interface FleetSized extends Happened<'FleetSized'> {
  readonly size: FleetSize;
}

export type FleetUnsized = Happened<'FleetUnsized'>;

export interface FleetConfigured extends Happened<'FleetConfigured'> {
  readonly buildConfiguration: string | null;
  readonly atATime: number;
}

export type FleetEvent = FleetSized | FleetUnsized | FleetConfigured;
