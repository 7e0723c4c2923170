import type { BuildConfiguration } from '#build';
import type { BuildName } from './catalogue.js';

/** Where the parts of a build configuration are on this machine. */
export interface Installed {
  /** Absolute, or a name to be looked for as a shell does. */
  readonly executable: string;
  /** The folder of the build's files; null where it has none of its own. */
  readonly folder: string | null;
}

/** The builds of a machine: fetched when they are needed, and kept as long as they are. */
export abstract class Builds {
  /**
   * Resolves when everything is there, and is what it should be. Whoever waits for the same files
   * waits for one fetching of them.
   *
   * @throws {TransientError} what stands in the way
   */
  abstract install(configuration: BuildConfiguration): Promise<Installed>;

  /** All that a slot runs, or is to run; what no slot names may be removed. */
  abstract keep(slot: string, builds: readonly BuildName[]): void;
}
