import type { BuildEvent, BuildState, ConfigurationEvent, ConfigurationState } from '#build';
import { buildEvent, buildState } from './build.schema.js';
import { cloudEventCodec, type EventFact } from './cloud-event.js';
import { configurationEvent, configurationState } from './configuration.schema.js';

/** What happened to a build configuration, and the state it led to. */
export type ConfigurationFact = EventFact<ConfigurationEvent, ConfigurationState>;

export const configurationFactCodec = cloudEventCodec<ConfigurationEvent, ConfigurationState>(
  'berth.configuration.',
  configurationEvent,
  configurationState,
);

/** What happened to a build, and the state it led to. */
export type BuildFact = EventFact<BuildEvent, BuildState>;

export const buildFactCodec = cloudEventCodec<BuildEvent, BuildState>(
  'berth.build.',
  buildEvent,
  buildState,
);
