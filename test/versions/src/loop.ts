import { setTimeout as sleep } from 'node:timers/promises';
import type { Tallies } from './tallies.js';

const PAUSE_MS = 600;

/** Does one kind of work again and again, each time with another id, until `isOver`. */
export async function repeat(
  tallies: Tallies,
  kind: string,
  work: (id: string) => Promise<void>,
  isOver: () => boolean,
): Promise<void> {
  const tally = (tallies[kind] ??= { served: 0, failed: [] });
  const name = kind.replace(/[^a-z]+/gi, '-');
  for (let round = 1; !isOver(); round += 1) {
    try {
      await work(`${name}-${round}`);
      tally.served += 1;
    } catch (error) {
      tally.failed.push(String(error));
    }
    await sleep(PAUSE_MS);
  }
}
