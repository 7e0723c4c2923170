import type { BuildConfiguration, BuildVersion } from '#build';
import type { Cancel } from '#kernel';
import type { Assignment } from '#slot';

/** One version of a build, as a build configuration names it. */
export interface BuildName {
  readonly name: string;
  readonly version: number;
}

/** The builds and build configurations that the region's log has. */
export abstract class Catalogue {
  /** Null if the version is not known, or not yet because the log has not delivered it. */
  abstract configuration(run: Assignment): BuildConfiguration | null;

  /** Null if the version is not known, or not yet, or was removed. */
  abstract build(name: BuildName): BuildVersion | null;

  /** Calls `changed` whenever the catalogue has learned something. */
  abstract watch(changed: () => void): Cancel;
}
