import {
  MANIFEST_FILES_MAX,
  buildConfigurationSchema,
  buildVersion,
  digest,
  storedConfiguration,
} from '#build';
import { token } from '#kernel';
import { z } from 'zod';
import { refused } from './refusal.schema.js';
import { lastChange, wanted, wantedOverHttp } from './wanted.js';

/* Requests to allocators about builds and build configurations, and their answers. */

/** The change is made only if the last change has this revision; 0: it was never set. */
const revision = z.int().nonnegative().optional();

/** Sets a build configuration that is named elsewhere: the body over HTTP. */
export const configurationBody = z.strictObject({
  configuration: buildConfigurationSchema,
  ...wantedOverHttp,
});
export type ConfigurationBody = z.output<typeof configurationBody>;

const content = {
  manifest: digest.describe('under which the list of its files is stored'),
  files: z.int().min(1).max(MANIFEST_FILES_MAX),
  bytes: z.int().nonnegative(),
};

/** Makes stored files the next version of a build that is named elsewhere: the body over HTTP. */
export const versionBody = z.strictObject({ ...content, ...wantedOverHttp });
export type VersionBody = z.output<typeof versionBody>;

/** Why, and by whom, something is removed: the query over HTTP. */
export const removalQuery = z.strictObject(wantedOverHttp);

/** Sets a build configuration of a region, or removes it. */
export const configureRequest = z.strictObject({
  region: token,
  name: token,
  /** Null removes the build configuration of this name. */
  configuration: buildConfigurationSchema.nullable(),
  ...wanted,
  revision,
});
export type ConfigureRequest = z.output<typeof configureRequest>;

const configurationHead = {
  id: z.string().describe('its name in APIs, `region.name`'),
  version: z.int().nonnegative().describe('rises with each change, and is never used twice'),
  revision: z.int().nonnegative().describe('as in `If-Match`; 0 if it was never set'),
  lastChange: lastChange.optional().describe('who set it last; earlier versions do not say it'),
};

/** A build configuration in a list. */
export const configurationSummary = z.object({
  ...configurationHead,
  build: z.object({ name: z.string(), version: z.int() }).nullable(),
  executable: z.string(),
});
export type ConfigurationSummary = z.output<typeof configurationSummary>;

export const configurationView = z.object({
  ...configurationHead,
  configuration: storedConfiguration.nullable().describe('null if it was removed'),
});
export type ConfigurationView = z.output<typeof configurationView>;

const configured = z.object({
  status: z.literal('configured'),
  configuration: configurationView,
});
export const configureAnswer = z.discriminatedUnion('status', [configured, refused]);
export type ConfigureAnswer = z.output<typeof configureAnswer>;

/** Asks for a list of all in a region, or for one of them in full. */
export const namesRequest = z.strictObject({ region: token, name: z.string().max(128).optional() });
export type NamesRequest = z.output<typeof namesRequest>;

const configurations = z.object({
  status: z.literal('configurations'),
  configurations: z.array(configurationSummary),
});
export const configurationsAnswer = z.discriminatedUnion('status', [
  configurations,
  configured,
  refused,
]);
export type ConfigurationsAnswer = z.output<typeof configurationsAnswer>;

/** The files of a build are stored and become its next version. */
export const pushRequest = z.strictObject({
  kind: z.literal('push'),
  region: token,
  name: token,
  ...content,
  ...wanted,
});
export type PushRequest = z.output<typeof pushRequest>;

/** Removes one version of a build. */
export const removeVersionRequest = z.strictObject({
  kind: z.literal('remove'),
  region: token,
  name: token,
  version: z.int().positive(),
  ...wanted,
});
export type RemoveVersionRequest = z.output<typeof removeVersionRequest>;

export const changeBuildRequest = z.discriminatedUnion('kind', [pushRequest, removeVersionRequest]);
export type ChangeBuildRequest = z.output<typeof changeBuildRequest>;

const buildHead = {
  id: z.string().describe('its name in APIs, `region.name`'),
  version: z.int().nonnegative().describe('the latest version that was pushed; never used twice'),
  revision: z.int().nonnegative(),
  lastChange: lastChange.optional().describe('who pushed or removed a version last'),
};

/** A build in a list: its latest version. */
export const buildSummary = z.object({
  ...buildHead,
  versions: z.int().describe('number of versions that are kept'),
  files: z.int().describe('of the latest that is kept'),
  bytes: z.int().describe('of the latest that is kept'),
});
export type BuildSummary = z.output<typeof buildSummary>;

export const buildView = z.object({ ...buildHead, versions: z.array(buildVersion) });
export type BuildView = z.output<typeof buildView>;

const buildAnswered = z.object({ status: z.literal('build'), build: buildView });
export const changeBuildAnswer = z.discriminatedUnion('status', [buildAnswered, refused]);
export type ChangeBuildAnswer = z.output<typeof changeBuildAnswer>;

const builds = z.object({ status: z.literal('builds'), builds: z.array(buildSummary) });
export const buildsAnswer = z.discriminatedUnion('status', [builds, buildAnswered, refused]);
export type BuildsAnswer = z.output<typeof buildsAnswer>;
