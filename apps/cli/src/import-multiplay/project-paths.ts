import { existsSync } from 'node:fs';
import { basename, dirname, posix, resolve } from 'node:path';

/** The folder that marks a Unity project, as Unity's package looks for it. */
const ASSETS = 'Assets';

/** Beginning of a Windows path, which does not exist on other systems. */
const OF_WINDOWS = /^([A-Za-z]:|\\\\)/;

/**
 * The folder that build paths start from: the Unity project that holds the file, or else the file's
 * own folder. If several `Assets` folders enclose the file, the project is the one that has
 * `ProjectSettings` beside `Assets`.
 */
export function projectOf(file: string): string {
  const folder = dirname(resolve(file));
  const projects: string[] = [];
  for (let at = folder; dirname(at) !== at; at = dirname(at)) {
    if (basename(at) === ASSETS) projects.push(dirname(at));
  }
  const whole = projects.find((project) => existsSync(resolve(project, 'ProjectSettings')));
  return whole ?? projects[0] ?? folder;
}

/** The path with slashes, whatever system it was written on. */
export function slashed(path: string): string {
  return path.replaceAll('\\', '/');
}

/** Whether the path cannot exist here, because it begins with a Windows drive or share. */
export function isForeign(path: string): boolean {
  return process.platform !== 'win32' && OF_WINDOWS.test(path);
}

export interface ExcludedPath {
  /** The path as the file has it. */
  readonly path: string;
  /**
   * The same as patterns for `berth builds push --exclude`; none if the path is outside the build.
   */
  readonly patterns: readonly string[];
}

/**
 * Unity's package reads the last part of an excluded path as a pattern for files in that folder and
 * in all folders below it. A path without `*` and `?` is one file or one whole folder. Excluded
 * paths, like the build path, start from the project.
 */
export function excluded(path: string, buildPath: string, project: string): ExcludedPath {
  const whole = (one: string) => posix.resolve('/', slashed(project), slashed(one));
  const [from, to] = [whole(buildPath), whole(path)];
  const last = posix.basename(to);
  if (!/[*?]/.test(last)) {
    const within = posix.relative(from, to);
    if (isAbove(within)) return { path, patterns: ['*'] };
    return { path, patterns: within.startsWith('../') ? [] : [`/${literal(within)}`] };
  }
  const within = posix.relative(from, posix.dirname(to));
  if (!isAbove(within) && within.startsWith('../')) return { path, patterns: [] };
  const folder = isAbove(within) ? '' : `/${literal(within)}`;
  return { path, patterns: fileNames(last).flatMap((name) => filesNamed(`${folder}/**/${name}`)) };
}

/** Whether it is the folder itself, or a folder that holds it. */
function isAbove(within: string): boolean {
  return /^(\.\.(\/\.\.)*)?$/.test(within);
}

/** In .NET, `*.*` matches every file, and `a.*` also matches `a`. */
function fileNames(pattern: string): readonly string[] {
  if (pattern === '*.*') return ['*'];
  const name = pattern.replace(/[[\]]/g, '\\$&');
  return name.endsWith('.*') ? [name, name.slice(0, -2)] : [name];
}

/**
 * Patterns for files of that name, without folders of that name. A pattern for all files needs no
 * exception for folders.
 */
function filesNamed(pattern: string): readonly string[] {
  return pattern.endsWith('/*') ? [pattern] : [pattern, `!${pattern}/`];
}

function literal(path: string): string {
  return path.replace(/[[\]*?]/g, '\\$&').replace(/ +$/, (spaces) => '\\ '.repeat(spaces.length));
}
