import type { Clock } from '#kernel';
import { membersOf, type Family, type Member } from './members.js';

/** Time (ms) between two looks at the processes that a killed game left behind. */
const LOOK_MS = 10;

/**
 * How many looks are made. A process that survives them waits for a device and cannot be killed.
 */
const LOOKS_MAX = 100;

/** The processes that a game left behind. */
export interface Leftovers {
  /** How many there were. */
  readonly count: number;
  /** How many could not be killed. */
  readonly stuck: number;
}

/**
 * Kills all processes of a family except its keeper, until none is left or `LOOKS_MAX` is reached.
 */
export async function killLeftovers(
  family: Family,
  isLeft: (member: Member) => boolean,
  clock: Clock,
): Promise<Leftovers> {
  const seen = new Set<number>();
  for (let looks = 0; ; looks += 1) {
    const [members = []] = await membersOf([family]);
    const left = members.filter(({ pid }) => pid !== family.group);
    // Children of the keeper are its own tools. A process with another parent was left by the game.
    const lost = left.filter(({ parent }) => parent !== family.group);
    for (const member of lost) if (isLeft(member)) seen.add(member.pid);
    if (left.length === 0 || looks === LOOKS_MAX) return { count: seen.size, stuck: left.length };
    for (const { pid } of left) signalOne(pid, 'SIGKILL');
    await clock.sleep(LOOK_MS);
  }
}

/** Does nothing if the process, or the whole group (a negative id), is gone. */
export function signalOne(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // The process is gone; the next look shows that.
  }
}

/** A text for the slot's history; empty if no process was left behind. */
export function inWords({ count, stuck }: Leftovers): string {
  if (count === 0) return '';
  const processes = `left ${count} ${count === 1 ? 'process' : 'processes'} behind`;
  return stuck === 0 ? `${processes}: killed` : `${processes}: ${stuck} could not be killed`;
}
