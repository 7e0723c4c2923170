import { z } from 'zod';

/** Most files of one build. */
export const MANIFEST_FILES_MAX = 100_000;

/** SHA-256 as 64 hex digits. */
export const digest = z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 of 64 hex digits');

/** Why a path is not allowed; null if it is. */
function wrongWithPath(path: string): string | null {
  if (path.startsWith('/') || /^[A-Za-z]:/.test(path)) return 'must be relative';
  if (path.includes('\0') || path.includes('\\')) return 'must not hold NUL or backslash';
  const parts = path.split('/');
  if (parts.some((part) => part === '' || part === '.' || part === '..')) {
    return 'must not hold empty parts, `.` or `..`';
  }
  return null;
}

/**
 * A file's path within its build: relative and normalised, so that it cannot lead out of the
 * folder.
 */
const cleanPath = z
  .string()
  .min(1)
  .max(1_024)
  .superRefine((path, context) => {
    const message = wrongWithPath(path);
    if (message !== null) context.addIssue({ code: 'custom', message });
  });

const manifestFile = z.object({
  path: cleanPath,
  /** Size in bytes. */
  size: z.int().nonnegative(),
  /** Permissions, as a number (0o755 is 493): executables stay executable. */
  mode: z.int().min(0).max(0o777),
  digest,
});
export type ManifestFile = z.output<typeof manifestFile>;

/**
 * Every file of one version of a build. The manifest is stored under its own digest, like the
 * files.
 */
export const manifest = z
  .object({ files: z.array(manifestFile).min(1).max(MANIFEST_FILES_MAX) })
  .superRefine(({ files }, context) => {
    const wrong = firstClash(files.map(({ path }) => path));
    if (wrong !== undefined) context.addIssue({ code: 'custom', message: wrong });
  });
export type Manifest = z.output<typeof manifest>;

/**
 * Describes the first clash: two files with the same path, or a file that is another file's folder.
 */
function firstClash(paths: readonly string[]): string | undefined {
  const known = new Set<string>();
  for (const path of paths) {
    if (known.has(path)) return `two files are called ${path}`;
    known.add(path);
  }
  for (const path of paths) {
    for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1)) {
      if (known.has(path.slice(0, at))) return `${path.slice(0, at)} is a file and a folder`;
    }
  }
  return undefined;
}
