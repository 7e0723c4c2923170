import type { BuildConfiguration } from './configuration.state.js';

/** A fact about one build configuration. `at` is when it was recorded (epoch ms). */
interface Happened<Type extends string> {
  readonly type: Type;
  readonly at: number;
  readonly reason: string;
  readonly by: string;
}

export interface ConfigurationSet extends Happened<'ConfigurationSet'> {
  readonly version: number;
  readonly configuration: BuildConfiguration;
}

export type ConfigurationRemoved = Happened<'ConfigurationRemoved'>;

export type ConfigurationEvent = ConfigurationSet | ConfigurationRemoved;
