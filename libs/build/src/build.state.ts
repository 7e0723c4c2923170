import { instant, type Immutable } from '#kernel';
import { z } from 'zod';
import { digest } from './manifest.js';

/* The storage format: fields may be added, with a default; no field is ever renamed or removed. */

/** What a push adds as a version of the build. */
export const pushed = {
  version: z.int().positive(),
  /** SHA-256 (hex) of its manifest, which names every file with its own digest. */
  manifest: digest,
  files: z.int().nonnegative(),
  bytes: z.int().nonnegative(),
};

/** One version of a build's files. */
export const buildVersion = z.object({
  ...pushed,
  at: instant,
  /** Who pushed it; empty in what versions up to 0.2 recorded. */
  by: z.string().default(''),
});
export type BuildVersion = Immutable<z.output<typeof buildVersion>>;

export const buildState = z.object({
  /** The latest version; 0 if none was ever pushed. */
  version: z.int().nonnegative(),
  /** The versions that can be fetched, the latest last. */
  versions: z.array(buildVersion),
});
export type BuildState = Immutable<z.output<typeof buildState>>;
