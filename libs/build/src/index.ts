export type { SecretPlace } from './configuration.state.js';
export { BUILD_VERSIONS_MAX, build } from './build.js';
export { buildEvent } from './build.events.js';
export { buildState, buildVersion } from './build.state.js';
export { VERSIONS_MAX, buildConfiguration } from './configuration.js';
export {
  buildConfigurationSchema,
  type BuildConfigurationInput,
  type BuildConfigurationWanted,
  type SetConfiguration,
} from './configuration.commands.js';
export { configurationEvent } from './configuration.events.js';
export { configurationState, storedConfiguration } from './configuration.state.js';
export {
  MANIFEST_FILES_MAX,
  digest,
  manifest,
  type Manifest,
  type ManifestFile,
} from './manifest.js';
export { fillTemplate, readTemplate, type TemplateValues } from './payload-template.js';
export type * from './build.commands.js';
export type * from './build.events.js';
export type * from './build.state.js';
export type * from './configuration.events.js';
export type * from './configuration.state.js';
