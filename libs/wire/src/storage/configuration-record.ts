import {
  buildEvent,
  buildState,
  configurationEvent,
  configurationState,
  type BuildEvent,
  type BuildState,
  type ConfigurationEvent,
  type ConfigurationState,
} from '#build';
import { cloudEventCodec } from './cloud-event.js';
import type { EventRecord } from './event-record.js';

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
