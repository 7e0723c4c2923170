import { existsSync } from 'node:fs';
import { basename, dirname, posix, resolve } from 'node:path';

/** As Unity's package has it: the folder that holds `Assets`. */
const ASSETS = 'Assets';

/** What a path on another machine begins with, which this one has no place for. */
const OF_WINDOWS = /^([A-Za-z]:|\\\\)/;

/**
 * Where build paths start from: the Unity project that the file is in, else the file's own folder.
 * Of several `Assets` above one another, the project's is the one that has `ProjectSettings` beside it.
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

/** With slashes, whatever system it was written on. */
export function slashed(path: string): string {
  return path.replaceAll('\\', '/');
}

/** Whether it cannot be found here, for it begins with a drive or a share of Windows. */
export function isForeign(path: string): boolean {
  return process.platform !== 'win32' && OF_WINDOWS.test(path);
}

export interface ExcludedPath {
  /** As it stands in the file. */
  readonly path: string;
  /** The same for `berth builds push --exclude`; none where it is of another folder. */
  readonly patterns: readonly string[];
}

/**
 * Unity's package takes the last part of an excluded path for a pattern of files, in that folder and
 * all below it, and a path without `*` and `?` for a file or a whole folder. Like the build path, it
 * starts from the project.
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

/** The folder itself, or one that holds it. */
function isAbove(within: string): boolean {
  return /^(\.\.(\/\.\.)*)?$/.test(within);
}

/** To .NET, `*.*` is every file, and `a.*` is `a` as well. */
function fileNames(pattern: string): readonly string[] {
  if (pattern === '*.*') return ['*'];
  const name = pattern.replace(/[[\]]/g, '\\$&');
  return name.endsWith('.*') ? [name, name.slice(0, -2)] : [name];
}

/** Folders of such a name are not meant; where every file is, that is all the same. */
function filesNamed(pattern: string): readonly string[] {
  return pattern.endsWith('/*') ? [pattern] : [pattern, `!${pattern}/`];
}

function literal(path: string): string {
  return path.replace(/[[\]*?]/g, '\\$&').replace(/ +$/, (spaces) => '\\ '.repeat(spaces.length));
}
