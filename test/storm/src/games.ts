import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A process of a real agent: its id, and its start time (Linux). */
interface GameProcess {
  readonly pid: number;
  readonly birth: string;
}

/**
 * The games that run in the data folder of an agent, each with its keeper, which leads the process
 * group.
 */
export async function runningGames(dataFolder: string) {
  const slots = await readdir(dataFolder).catch(() => []);
  const kept = await Promise.all(slots.map((slot) => readKept(join(dataFolder, slot))));
  return kept.filter((one) => one !== null);
}

/** Kills everything that runs in the folder: games outlive their agent. */
export async function killGames(dataFolder: string): Promise<void> {
  for (const { game, keeper } of await runningGames(dataFolder)) {
    kill(-keeper.pid);
    kill(game.pid);
  }
}

export function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended in the meantime.
  }
}

/** Null if no game runs any more. */
async function readKept(slotFolder: string) {
  const text = await readFile(join(slotFolder, 'run', 'pid'), 'utf8').catch(() => '');
  const [game, keeper] = text.split('\n').map(parse);
  if (!game || !keeper || !(await isAlive(keeper))) return null;
  return { game, keeper };
}

function parse(line: string): GameProcess | null {
  const [, pid, stat] = /^(\d+) (.+)$/.exec(line) ?? [];
  return pid === undefined ? null : { pid: Number(pid), birth: birthIn(stat ?? '') };
}

/** The id may belong to another process by now, so the start times must be equal. */
async function isAlive({ pid, birth }: GameProcess): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat !== '' && birthIn(stat) === birth;
}

/** proc(5): after the name in brackets, the start time is field 22. */
function birthIn(stat: string): string {
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}
