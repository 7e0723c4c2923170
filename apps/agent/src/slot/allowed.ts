import type { BuildConfiguration, PayloadFile } from '#build';
import { isAbsolute, relative, resolve } from 'node:path';

/** What the machine's own settings let build configurations of the region do. */
export interface Allowed {
  /** Executable of the agent's own settings: a path, or a name that is looked up. */
  readonly own: string;
  /** Absolute paths of executables, and of folders whose executables may be run. */
  readonly executables: readonly string[];
  /** Absolute paths of folders, beside the slot's, where payload files may be written. */
  readonly folders: readonly string[];
  /** Widest permissions of a payload file. */
  readonly mode: number;
  /** Why games have no limits here; null if they have, or if the settings say to do without. */
  readonly unlimitedBecause: string | null;
}

/** Why this machine does not run the build configuration; null if it does. */
export function forbiddenBecause(
  configuration: BuildConfiguration,
  allowed: Allowed,
): string | null {
  const { build, executable, payloadFile } = configuration;
  const isInBuild = build !== null && !isAbsolute(executable);
  if (!isInBuild && !mayRun(configuration, allowed)) {
    return `the settings of this machine do not let build configurations run ${executable}: it is not among BERTH_ALLOWED_EXECUTABLES`;
  }
  if (allowed.unlimitedBecause !== null && isLimited(configuration)) {
    return `this machine cannot keep games to their limits: ${allowed.unlimitedBecause}`;
  }
  return payloadFile === null ? null : forbiddenPayload(payloadFile, allowed);
}

function isLimited({ memoryMiBMax, cpusMax, tasksMax }: BuildConfiguration): boolean {
  return (memoryMiBMax ?? cpusMax ?? tasksMax) !== undefined;
}

/** A name that is looked up means the same program only if the search path is the agent's. */
function mayRun(configuration: BuildConfiguration, { own, executables }: Allowed): boolean {
  const { executable, variables, secrets = {} } = configuration;
  if (isAbsolute(executable)) return isWithin(executable, [own, ...executables].filter(isAbsolute));
  return executable === own && !('PATH' in variables) && !('PATH' in secrets);
}

function forbiddenPayload({ path, mode }: PayloadFile, allowed: Allowed): string | null {
  const isOutside = isAbsolute(path)
    ? !isWithin(path, allowed.folders)
    : relative('/', resolve('/slot', path)).split('/')[0] !== 'slot';
  if (isOutside) {
    return `the settings of this machine do not let build configurations write ${path}: it is neither in the slot's folder nor in BERTH_ALLOWED_FOLDERS`;
  }
  if ((Number.parseInt(mode, 8) & ~allowed.mode) === 0) return null;
  const widest = allowed.mode.toString(8).padStart(4, '0');
  return `the settings of this machine do not let a payload file have the permissions ${mode}: BERTH_ALLOWED_MODE is ${widest}`;
}

/** Whether the path is one of `places`, or is in one of them. */
function isWithin(path: string, places: readonly string[]): boolean {
  const plain = resolve(path);
  return places.some(
    (place) => plain === place || plain.startsWith(`${place.replace(/\/$/, '')}/`),
  );
}
