import { eventSchema, type EventsOf } from '#kernel';
import { z } from 'zod';
import { pushed } from './build.state.js';

const wanted = { reason: z.string(), by: z.string() };

/** All that can happen to a build in one region. */
const shapes = {
  BuildPushed: { ...pushed, ...wanted },
  /** Its files may be forgotten. */
  BuildVersionRemoved: { version: pushed.version, ...wanted },
};

type BuildEvents = EventsOf<typeof shapes>;

export type BuildEvent = BuildEvents[keyof BuildEvents];

export const buildEvent = eventSchema(shapes);
