import { eventSchema, type EventsOf } from '#kernel';
import { z } from 'zod';
import { storedConfiguration, version } from './configuration.state.js';

const wanted = { reason: z.string(), by: z.string() };

/** All events of a build configuration in one region. */
const shapes = {
  ConfigurationSet: { version, configuration: storedConfiguration, ...wanted },
  ConfigurationRemoved: wanted,
};

type ConfigurationEvents = EventsOf<typeof shapes>;

export type ConfigurationEvent = ConfigurationEvents[keyof ConfigurationEvents];

export const configurationEvent = eventSchema(shapes);
