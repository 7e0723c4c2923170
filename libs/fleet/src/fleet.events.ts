import { eventSchema, type EventsOf } from '#kernel';
import { z } from 'zod';
import { fleetSize } from './fleet.state.js';

const wanted = { reason: z.string(), by: z.string() };

/** All that can happen to a fleet in one region. */
const shapes = {
  FleetSized: { size: fleetSize, ...wanted },
  FleetUnsized: wanted,
  FleetConfigured: {
    buildConfiguration: z.string().nullable(),
    atATime: z.int().positive(),
    ...wanted,
  },
};

type FleetEvents = EventsOf<typeof shapes>;

export type FleetEvent = FleetEvents[keyof FleetEvents];

export const fleetEvent = eventSchema(shapes);
