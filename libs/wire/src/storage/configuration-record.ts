import type { BuildEvent, BuildState, ConfigurationEvent, ConfigurationState } from '#build';
import { buildEvent, buildState } from '../messages/build.schema.js';
import { cloudEventCodec, type EventRecord } from './cloud-event.js';
import { configurationEvent, configurationState } from '../messages/configuration.schema.js';

/** What happened to a build configuration, and the state it led to. */
export type ConfigurationRecord = EventRecord<ConfigurationEvent, ConfigurationState>;

export const configurationRecordCodec = cloudEventCodec<ConfigurationEvent, ConfigurationState>(
  'berth.configuration.',
  configurationEvent,
  configurationState,
);

/** What happened to a build, and the state it led to. */
export type BuildRecord = EventRecord<BuildEvent, BuildState>;

export const buildRecordCodec = cloudEventCodec<BuildEvent, BuildState>(
  'berth.build.',
  buildEvent,
  buildState,
);
