import { instant, type Immutable } from '#kernel';
import { z } from 'zod';
import { digest } from './manifest.js';

/* The storage format: fields may be added, with a default; none is ever renamed or removed. */

/** What was pushed, as a version of the build. */
export const pushed = {
  version: z.int().positive(),
  /** SHA-256 (hex) of its manifest, which names every file with its own digest. */
  manifest: digest,
  files: z.int().nonnegative(),
  bytes: z.int().nonnegative(),
};

/** One version of a build's files. */
export const buildVersion = z.object({ ...pushed, at: instant });
export type BuildVersion = Immutable<z.output<typeof buildVersion>>;

export const buildState = z.object({
  /** The latest; 0: none was ever pushed. */
  version: z.int().nonnegative(),
  /** Those that can be fetched, the latest last. */
  versions: z.array(buildVersion),
});
export type BuildState = Immutable<z.output<typeof buildState>>;
