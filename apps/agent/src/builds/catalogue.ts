import type { BuildConfiguration, BuildVersion } from '#build';
import type { Cancel } from '#kernel';
import type { Assignment } from '#slot';

/** One version of a build, as build configurations name it. */
export interface BuildName {
  readonly name: string;
  readonly version: number;
}

/** What the region's log says of builds and of how they are run. */
export abstract class Catalogue {
  /** Null as long as it is not known, which may be because the log has not told of it yet. */
  abstract configuration(run: Assignment): BuildConfiguration | null;

  /** Null as long as it is not known, or where it was removed. */
  abstract build(name: BuildName): BuildVersion | null;

  /** Calls back whenever something is known that was not before. */
  abstract watch(changed: () => void): Cancel;
}
