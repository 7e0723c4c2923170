import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts processor time in hundredths of a second (USER_HZ). */
const TICK_MICROSECONDS = 10_000;

/** Fields of /proc/PID/stat after the name, which may contain spaces. */
const [PARENT, USER, SYSTEM] = [1, 11, 12];

interface Row {
  readonly pid: number;
  readonly parent: number;
  readonly microseconds: number;
}

/**
 * Processor time so far of a process and all its descendants, in microseconds; undefined if the
 * system has no /proc like Linux. The time of a descendant that has ended is lost.
 */
export function cpuOf(pid: number): number | undefined {
  const rows = rowsOf();
  if (rows === undefined) return undefined;
  const sum = (of: number): number => {
    const own = rows.find((row) => row.pid === of)?.microseconds ?? 0;
    const below = rows.filter(({ parent }) => parent === of);
    return below.reduce((total, row) => total + sum(row.pid), own);
  };
  return sum(pid);
}

function rowsOf(): readonly Row[] | undefined {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((name) => rowOf(Number(name)));
  } catch {
    return undefined;
  }
}

/** Empty if the process has just ended. */
function rowOf(pid: number): Row[] {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return [];
  }
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const [parent = 0, user = 0, system = 0] = [PARENT, USER, SYSTEM].map((at) => fields[at]);
  return [{ pid, parent, microseconds: (user + system) * TICK_MICROSECONDS }];
}
