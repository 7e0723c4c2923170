import { mkdirSync, readFileSync, rmdirSync } from 'node:fs';

/** A control group that is this process's own; nothing makes it. */
export const OWN_GROUP = `/sys/fs/cgroup/berth-spec-${process.pid}`;

/** Why no limit can be tried here; null if limits can be. */
export function limitsLack(): string | null {
  try {
    const here = readFileSync('/sys/fs/cgroup/cgroup.controllers', 'utf8');
    for (const name of ['memory', 'cpu', 'pids']) {
      if (!here.includes(name)) return `cgroup v2 has no controller ${name} here`;
    }
    mkdirSync(OWN_GROUP);
    rmdirSync(OWN_GROUP);
    return null;
  } catch {
    return 'there is no cgroup v2 that may be written to';
  }
}
