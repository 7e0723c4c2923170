import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** A process that cannot be mistaken for a later one with the same id. */
export interface Born {
  readonly pid: number;
  /** When it began, in words of its system; comparable on one machine only. */
  readonly birth: string;
}

const hasProc = existsSync('/proc/self/stat');

/** Null once the process is gone; one that is dead and not yet reaped counts as gone. */
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

/** One line of the keeper: the process id, then its line of /proc or, after `ps`, its start. */
export function parseBorn(line: string): Born | null {
  const [, pid, rest = ''] = /^(\d+) (.+)$/.exec(line) ?? [];
  if (pid === undefined) return null;
  const birth = rest.startsWith('ps ') ? rest.slice(3).trim() : birthInStat(rest);
  return birth === null ? null : { pid: Number(pid), birth };
}

/** proc(5): the name in brackets may hold anything; the state is field 3, the start field 22. */
function birthInStat(stat: string): string | null {
  const [state = 'X', ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return /[ZX]/.test(state) ? null : (fields[18] ?? null);
}
