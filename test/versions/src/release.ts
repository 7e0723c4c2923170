import { errorMessage } from '#kernel';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

/** The commit of version 0.2.0, the last release. */
const COMMIT = 'ea2c4168c31110b1c90e903180e117e9e41f4ab2';

const KEPT = resolve('node_modules/.cache/last-release');
const STEP_MS = 240_000;

const execute = promisify(execFile);

/** A built tree of Berth. */
export interface Release {
  readonly version: string;
  /** The URL of a compiled module, like `apps/allocator/src/main.js`. */
  module(path: string): URL;
}

/** The tree that the tests belong to, as `npm run build` leaves it. */
export const THIS: Release = releaseIn('this', resolve('.'));

/**
 * The last release with its own dependencies, as its users run it. It is made from the repository's
 * history once, and kept in node_modules.
 */
export async function lastRelease(): Promise<Release | { readonly missing: string }> {
  const folder = join(KEPT, COMMIT);
  try {
    if (!existsSync(folder)) await make(folder);
    return releaseIn('0.2.0', folder);
  } catch (error) {
    return { missing: `version 0.2.0 cannot be built here: ${firstLine(errorMessage(error))}` };
  }
}

async function make(folder: string): Promise<void> {
  await fetchCommit();
  await mkdir(KEPT, { recursive: true });
  const part = await mkdtemp(join(KEPT, 'part-'));
  try {
    const archive = join(part, 'tree.tar');
    await run('git', ['archive', '--output', archive, COMMIT], '.');
    await run('tar', ['-xf', archive], part);
    const settings = ['--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund'];
    await run('npm', ['ci', ...settings], part);
    const compiler = resolve('node_modules/typescript/bin/tsc');
    await run(process.execPath, [compiler, '-p', 'tsconfig.build.json', '--noCheck'], part);
    await rename(part, folder);
  } finally {
    await rm(part, { recursive: true, force: true });
  }
}

/** A shallow clone does not have the commit, but its origin does. */
async function fetchCommit(): Promise<void> {
  const isThere = () => run('git', ['cat-file', '-e', `${COMMIT}^{commit}`], '.');
  await isThere().catch(() => run('git', ['fetch', '--depth=1', 'origin', COMMIT], '.'));
}

async function run(program: string, words: readonly string[], cwd: string): Promise<void> {
  await execute(program, words, { cwd, timeout: STEP_MS });
}

function releaseIn(version: string, folder: string): Release {
  return { version, module: (path) => pathToFileURL(join(folder, 'dist', path)) };
}

function firstLine(text: string): string {
  return text.split('\n').find((line) => line.trim() !== '') ?? text;
}
