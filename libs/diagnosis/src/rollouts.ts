import type { FleetView } from '#wire';
import { listed, type Wrong } from './wrong.js';

/** A rollout without a change for this long (ms) stands; most sessions are shorter. */
const STANDS_MS = 3_600_000;

interface Seen {
  /** Null if no allocator tells. */
  readonly fleets: readonly FleetView[] | null;
}

export function rolloutsOf({ fleets }: Seen): Wrong | string | null {
  if (fleets === null) return null;
  const stuck = fleets.filter(({ rollout }) => rollout !== null && rollout.failed > 0);
  if (stuck.length === 0) return 'no rollout has failed';
  return {
    what: `the rollout has failed on slots of ${listed(stuck.map(({ id }) => id))}`,
    remedy: 'Set an earlier build configuration: berth fleet configure.',
  };
}

/** Whether rollouts wait for long, although no game has failed. */
export function standingOf({ fleets }: Seen): Wrong | string | null {
  if (fleets === null) return null;
  const standing = fleets.flatMap(({ id, rollout }) => {
    if (rollout === null || rollout.failed > 0) return [];
    const { waiting, changing, standsMs = 0 } = rollout;
    const hours = (standsMs / 3_600_000).toFixed(1);
    return standsMs < STANDS_MS ? [] : [`${id} (${waiting + changing} to go, ${hours} h)`];
  });
  if (standing.length === 0) return 'each rollout goes on';
  return {
    what: `rollouts stand: ${listed(standing)}`,
    remedy: 'What is left has sessions, is held, or its agent is lost: berth slots --fleet.',
  };
}
