import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/**
 * The arguments of a process, joined by spaces, from /proc, or from `ps` if there is no /proc.
 * Empty if the process is gone, or dead and not yet reaped.
 */
export function commandLineOf(pid: number): string {
  try {
    if (!existsSync('/proc/self/cmdline')) return askPs(pid);
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ').trim();
  } catch {
    return '';
  }
}

function askPs(pid: number): string {
  return execFileSync('ps', ['-ww', '-o', 'args=', '-p', String(pid)], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim();
}
