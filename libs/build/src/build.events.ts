import { eventSchema, type EventsOf } from '#kernel';
import { z } from 'zod';
import { pushed } from './build.state.js';

const wanted = { reason: z.string(), by: z.string() };

/** All events of a build in one region. */
const shapes = {
  BuildPushed: { ...pushed, ...wanted },
  /** The files of the version may be deleted. */
  BuildVersionRemoved: { version: pushed.version, ...wanted },
};

type BuildEvents = EventsOf<typeof shapes>;

export type BuildEvent = BuildEvents[keyof BuildEvents];

export const buildEvent = eventSchema(shapes);
