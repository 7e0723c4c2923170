export { BUILD_VERSIONS_MAX, build } from './build.js';
export { VERSIONS_MAX, buildConfiguration, type SetConfiguration } from './configuration.js';
export { fillTemplate, readTemplate, type TemplateValues } from './payload-template.js';
export type * from './build.js';
export type * from './configuration.events.js';
export type * from './configuration.state.js';
