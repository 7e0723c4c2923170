import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A process of a real agent: its id, and its line of /proc when it was started (Linux). */
interface GameProcess {
  readonly pid: number;
  readonly birth: string;
}

/** The games that run in the data folder of an agent; each with its keeper, which leads the group. */
export async function runningGames(dataFolder: string) {
  const slots = await readdir(dataFolder).catch(() => []);
  const kept = await Promise.all(slots.map((slot) => readKept(join(dataFolder, slot))));
  return kept.filter((one) => one !== null);
}

/** Ends all that runs in the folder: games outlive their agent. */
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
    // It has ended meanwhile.
  }
}

/** Null where none runs any more. */
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

/** A process id may mean another process by now: it must have begun when ours did. */
async function isAlive({ pid, birth }: GameProcess): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat !== '' && birthIn(stat) === birth;
}

/** proc(5): after the name in brackets, the start is field 22. */
function birthIn(stat: string): string {
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}
