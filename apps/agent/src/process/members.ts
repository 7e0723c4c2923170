import { readFile, readdir, stat } from 'node:fs/promises';

/** One process, as proc(5) describes it. */
export interface Member {
  readonly pid: number;
  readonly parent: number;
  /** Its process group. */
  readonly group: number;
  /** Processor time since its start, in ticks of 10 ms. */
  readonly ticks: number;
  readonly threads: number;
}

/**
 * A game's processes: those of its group, those of its user, and those outside the group that carry
 * its mark.
 */
export interface Family {
  /** The keeper's process id, which names the group. */
  readonly group: number;
  /**
   * Value of `BERTH_RUN` in the environment of all that the game has started; null to ignore it.
   */
  readonly mark: string | null;
  /**
   * When the keeper started (ticks since boot). A process outside the group that is older is not
   * the game's.
   */
  readonly since: number;
  /** The user that no other process runs as; null if the game runs as the agent's own. */
  readonly user: number | null;
}

/** The variable by which a game's processes are found after they have left its group. */
export const RUN_VARIABLE = 'BERTH_RUN';

const AT_ONCE_MAX = 32;

/**
 * The living processes of each family, in the order of the families; none if there is no /proc. A
 * process that has left its group and cleared its environment is found by its user alone.
 */
export async function membersOf(families: readonly Family[]): Promise<readonly Member[][]> {
  const found = families.map((): Member[] => []);
  if (families.length === 0) return found;
  const pids = (await list('/proc')).filter((name) => /^\d+$/.test(name));
  for (let from = 0; from < pids.length; from += AT_ONCE_MAX) {
    const some = pids.slice(from, from + AT_ONCE_MAX);
    await Promise.all(
      some.map(async (pid) => {
        const member = await memberOf(Number(pid));
        const index = member === null ? -1 : await familyOf(member, families);
        if (member !== null) found[index]?.push(member);
      }),
    );
  }
  return found;
}

interface Found extends Member {
  readonly since: number;
}

async function familyOf(member: Found, families: readonly Family[]): Promise<number> {
  const index = families.findIndex(({ group }) => group === member.group);
  if (index >= 0) return index;
  const owned = await ownedBy(member.pid, families);
  if (owned >= 0) return owned;
  const marks = families.map(({ mark, since }) => (since <= member.since ? mark : null));
  if (marks.every((mark) => mark === null)) return -1;
  const environment = await environmentOf(member.pid);
  return marks.findIndex(
    (mark) => mark !== null && environment.includes(`${RUN_VARIABLE}=${mark}\0`),
  );
}

async function ownedBy(pid: number, families: readonly Family[]): Promise<number> {
  if (families.every(({ user }) => user === null)) return -1;
  const uid = (await stat(`/proc/${pid}`).catch(() => null))?.uid;
  return families.findIndex(({ user }) => user !== null && user === uid);
}

/** Null if the process is gone, or dead and not yet reaped. */
async function memberOf(pid: number): Promise<Found | null> {
  const stat = await text(`/proc/${pid}/stat`);
  // The name in brackets may hold any character. Field 3, the state, follows it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const field = (number: number) => Number(fields[number - 3]);
  if (/^[ZX]?$/.test(fields[0] ?? '')) return null;
  return {
    pid,
    parent: field(4),
    group: field(5),
    ticks: field(14) + field(15),
    threads: field(20),
    since: field(22),
  };
}

/** Empty if it cannot be read: a process of another user is not the game's. */
function environmentOf(pid: number): Promise<string> {
  return text(`/proc/${pid}/environ`);
}

async function text(path: string): Promise<string> {
  try {
    return await readFile(path, 'latin1');
  } catch {
    return '';
  }
}

async function list(path: string): Promise<readonly string[]> {
  try {
    return await readdir(path);
  } catch {
    return [];
  }
}
