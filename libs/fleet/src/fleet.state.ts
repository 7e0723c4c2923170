import type { Immutable } from '#kernel';
import { z } from 'zod';

/* The storage format: fields may be added, with a default; none is ever renamed or removed. */

/** How many servers a fleet should have in a region. All three numbers count slots. */
export const fleetSize = z.object({
  minAvailable: z.int().nonnegative().describe('free slots that always have a process ready'),
  /** One session more than this is refused. */
  max: z.int().nonnegative().describe('maximum of sessions and ready processes together'),
  buffer: z.int().nonnegative().describe('free slots with a process ready, ahead of demand'),
});
export type FleetSize = Immutable<z.output<typeof fleetSize>>;

export const fleetState = z.object({
  /** Null: no size is set; each agent keeps its free slots as its own setting says. */
  size: fleetSize.nullable(),
  /**
   * What the fleet's free slots run unless a request asks for something else; null: each agent's
   * setting.
   */
  buildConfiguration: z.string().nullable().default(null),
  /** What they ran before; missing if the fleet was never configured, or by a version before 0.3. */
  previousConfiguration: z.string().nullable().optional(),
  /**
   * How many free slots may change to another build configuration, or version, at the same time.
   */
  atATime: z.int().positive().default(1),
});
export type FleetState = Immutable<z.output<typeof fleetState>>;
