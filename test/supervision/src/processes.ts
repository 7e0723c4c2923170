import { readdirSync, readFileSync } from 'node:fs';

/** Living processes with this text in their command line or environment, except this process. */
export function processesWith(text: string): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((name) => (proc(name, 'cmdline') + proc(name, 'environ')).includes(text))
    .filter((name) => !/^State:\s+[ZX]/m.test(proc(name, 'status')))
    .map(Number);
}

export function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

function proc(pid: string, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'latin1');
  } catch {
    return '';
  }
}
