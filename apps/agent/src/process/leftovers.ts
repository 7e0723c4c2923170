import type { Clock } from '#kernel';
import { membersOf, type Family, type Member } from './members.js';

/** Between two looks at what is left of a game, after it was killed. */
const LOOK_MS = 10;

/** What is not gone after so many looks waits for a device, and cannot be killed. */
const LOOKS_MAX = 100;

/** What of a game is still there. */
export interface Leftovers {
  /** Processes that were there. */
  readonly count: number;
  /** Those that would not go. */
  readonly stuck: number;
}

/** Kills whatever lives of a family but its keeper, until nothing does. */
export async function killLeftovers(
  family: Family,
  isLeft: (member: Member) => boolean,
  clock: Clock,
): Promise<Leftovers> {
  const seen = new Set<number>();
  for (let looks = 0; ; looks += 1) {
    const [members = []] = await membersOf([family]);
    const left = members.filter(({ pid }) => pid !== family.group);
    // What has lost its parent is nobody's, or init's; the keeper's children are its own tools.
    const lost = left.filter(({ parent }) => parent !== family.group);
    for (const member of lost) if (isLeft(member)) seen.add(member.pid);
    if (left.length === 0 || looks === LOOKS_MAX) return { count: seen.size, stuck: left.length };
    for (const { pid } of left) signalOne(pid, 'SIGKILL');
    await clock.sleep(LOOK_MS);
  }
}

/** Does nothing where the process, or the whole group (a negative id), is gone. */
export function signalOne(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It is gone, which the next look tells.
  }
}

/** In words for the slot's history; empty where nothing is worth saying. */
export function inWords({ count, stuck }: Leftovers): string {
  if (count === 0) return '';
  const processes = `left ${count} ${count === 1 ? 'process' : 'processes'} behind`;
  return stuck === 0 ? `${processes}: killed` : `${processes}: ${stuck} could not be killed`;
}
