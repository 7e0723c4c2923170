import type { Immutable } from '#kernel';
import { z } from 'zod';

/* The storage format: fields may be added, with a default; none is ever renamed or removed. */

/** How many servers of a fleet there shall be in a region. All of them count slots. */
export const fleetSize = z.object({
  minAvailable: z
    .int()
    .nonnegative()
    .describe('free slots that have a process standing ready, however little is asked for'),
  /** One more session is refused. */
  max: z.int().nonnegative().describe('sessions and processes standing ready together'),
  buffer: z
    .int()
    .nonnegative()
    .describe('free slots that have a process standing ready ahead of demand'),
});
export type FleetSize = Immutable<z.output<typeof fleetSize>>;

export const fleetState = z.object({
  /** Null: none is set; each agent keeps its free slots as its own setting says. */
  size: fleetSize.nullable(),
  /** What its free slots run where nobody asks for anything else; null: as each agent is set. */
  buildConfiguration: z.string().nullable().default(null),
  /** Free slots that change from one build configuration, or version, to the next at a time. */
  atATime: z.int().positive().default(1),
});
export type FleetState = Immutable<z.output<typeof fleetState>>;
