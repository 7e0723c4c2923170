import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts processor time in hundredths of a second (USER_HZ). */
const TICK_MICROSECONDS = 10_000;

/** Fields of /proc/PID/stat after the name, which may contain spaces. */
const PARENT = 1;
/** Its own time, in and outside of the kernel, and that of its children that have ended. */
const TIMES = [11, 12, 13, 14];

interface Row {
  readonly pid: number;
  readonly parent: number;
  readonly microseconds: number;
}

/**
 * Processor time so far of a process and all its descendants, in microseconds; undefined if the
 * system has no /proc like Linux. That of a descendant that has ended counts once its parent knows.
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
  const ticks = TIMES.reduce((sum, at) => sum + (fields[at] ?? 0), 0);
  return [{ pid, parent: fields[PARENT] ?? 0, microseconds: ticks * TICK_MICROSECONDS }];
}
