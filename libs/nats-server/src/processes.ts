import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/** A living process, as the system tells of it. */
export interface RunningProcess {
  /** Its arguments, joined by spaces. */
  readonly commandLine: string;
  /** Tells it from a later process with the same id; comparable on one machine only. */
  readonly startedAt: string;
}

/** Looks a process up in /proc, or with `ps` where there is no /proc. Nothing if it is gone. */
export function lookUpProcess(pid: number): RunningProcess | undefined {
  try {
    return existsSync('/proc/self/stat') ? readProc(pid) : askPs(pid);
  } catch {
    return undefined;
  }
}

/** A dead process that nobody has reaped yet has no command line: it counts as gone. */
function readProc(pid: number): RunningProcess | undefined {
  const commandLine = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ').trim();
  if (commandLine === '') return undefined;
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // proc(5): the name in brackets may hold anything; the start time is field 22, 19 after field 3.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { commandLine, startedAt: fields[19] ?? '' };
}

function askPs(pid: number): RunningProcess | undefined {
  const commandLine = ps(pid, 'args=');
  return commandLine === '' ? undefined : { commandLine, startedAt: ps(pid, 'lstart=') };
}

function ps(pid: number, column: string): string {
  return execFileSync('ps', ['-ww', '-o', column, '-p', String(pid)], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim();
}
