import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** A process, with its start time: a later process with the same id has another one. */
export interface Born {
  readonly pid: number;
  /** When the process started, in the form of its system. Comparable on the same machine only. */
  readonly birth: string;
}

const hasProc = existsSync('/proc/self/stat');

/** Null if the process is gone, or dead and not yet reaped. */
export async function birthOf(pid: number): Promise<string | null> {
  try {
    if (hasProc) return birthInStat(await readFile(`/proc/${pid}/stat`, 'utf8'));
    const { stdout } = await promisify(execFile)('ps', ['-o', 'lstart=', '-p', String(pid)]);
    return stdout.trim();
  } catch {
    return null;
  }
}

export async function isAlive({ pid, birth }: Born): Promise<boolean> {
  return (await birthOf(pid)) === birth;
}

/**
 * Parses one line of the keeper: the process id, then the line of /proc or, after `ps`, the start
 * time. Null if it has another form.
 */
export function parseBorn(line: string): Born | null {
  const [, pid, rest = ''] = /^(\d+) (.+)$/.exec(line) ?? [];
  if (pid === undefined) return null;
  const birth = rest.startsWith('ps ') ? rest.slice(3).trim() : birthInStat(rest);
  return birth === null ? null : { pid: Number(pid), birth };
}

/**
 * The start time in a line of proc(5): the name in brackets may hold any character; field 3 is the
 * state, field 22 the start. Null if the process is dead.
 */
function birthInStat(stat: string): string | null {
  const [state = 'X', ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return /[ZX]/.test(state) ? null : (fields[18] ?? null);
}
