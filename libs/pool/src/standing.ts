import { withheldUntil, type SlotState } from '#slot';
import { rankOf, runningIn, type Rank } from './index/rank.js';
import { obstacleIn, type Obstacle } from './obstacle.js';
import { fits, type SlotRequirements } from './slot-requirements.js';

/** What a slot is to a request that it fits: its obstacle, and its rank if it can be given. */
export interface Standing {
  readonly obstacle: Obstacle;
  readonly rank: Rank | null;
}

/**
 * What a slot's state says of it to a request, without what only an allocator knows. Null if the
 * slot does not fit, or is retired. `now`: epoch ms.
 */
export function standingOf(
  state: SlotState,
  requirements: SlotRequirements,
  now: number,
): Standing | null {
  const { offer } = state.context;
  if (offer === null || !fits(requirements, offer)) return null;
  const isWithheld = withheldUntil(state) > now;
  const obstacle = obstacleIn(state, { isCordoned: false, isHeld: false, isWithheld });
  if (obstacle === null) return null;
  const isFree = obstacle === 'none' || obstacle === 'failing';
  const ranked = { offerClass: { offered: offer }, ...runningIn(state) };
  return { obstacle, rank: isFree ? rankOf(requirements, ranked) : null };
}
