import type { BuildConfiguration } from '#build';
import type { BuildName } from './catalogue.js';

/** Where the parts of a build configuration are on this machine. */
export interface Installed {
  /** An absolute path, or a name that the shell looks up. */
  readonly executable: string;
  /** The folder with the build's files; null if the build configuration has no build. */
  readonly folder: string | null;
  /** The group that may read the files; missing if games run as the agent's user. */
  readonly group?: number;
}

/**
 * The builds on this machine: fetched when a slot needs them, kept for as long as a slot names
 * them.
 */
export abstract class Builds {
  /**
   * Resolves when all files of the build are on the disk and are correct. Callers that need the
   * same files share one fetch.
   *
   * @throws {TransientError} with what prevents it
   */
  abstract install(configuration: BuildConfiguration): Promise<Installed>;

  /**
   * Replaces the list of builds that a slot runs or will run. A build that no slot names may be
   * removed.
   */
  abstract keep(slot: string, builds: readonly BuildName[]): void;
}
