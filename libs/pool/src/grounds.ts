import type { Grounds } from '#slot';
import type { ObstacleTally, PassedOver } from './index/obstacle-counts.js';
import type { Best } from './index/offer-index.js';
import { criterionOf, rankOf, type Rank, type Ranked } from './index/rank.js';
import type { SlotRequirements } from './slot-requirements.js';

/**
 * The grounds for a slot that was picked. `tally` counts the slots that fit before this one is
 * held.
 */
export function groundsOf(
  { shape, alike, next }: Best,
  requirements: SlotRequirements,
  { fitted, passedOver, held, isPartial }: ObstacleTally,
): Grounds {
  const { failing: _, ...others } = passedOver;
  const rank = rankOf(requirements, shape);
  return {
    fitted,
    alike,
    ...(next !== undefined && { by: criterionOf(rank, rankOf(requirements, next)) }),
    ...recorded(rank),
    ...passing(shape.isFailing ? others : passedOver),
    ...(held > 0 && { held }),
    ...(isPartial && { atLeast: true }),
  };
}

type Counts = Pick<ObstacleTally, 'fitted' | 'passedOver' | 'held'>;

/** The grounds for a slot that was not chosen among several. */
export function onlyGrounds(
  how: 'named' | 'freed',
  ranked: Ranked,
  requirements: SlotRequirements,
  { fitted, passedOver, held }: Counts = { fitted: 1, passedOver: {}, held: 0 },
): Grounds {
  return {
    fitted,
    alike: 1,
    how,
    ...recorded(rankOf(requirements, ranked)),
    ...passing(passedOver),
    ...(held > 0 && { held }),
  };
}

function recorded({ priority, process }: Rank) {
  return { ...(priority !== 0 && { priority }), process };
}

function passing(passedOver: PassedOver) {
  return Object.keys(passedOver).length > 0 ? { passedOver } : {};
}
