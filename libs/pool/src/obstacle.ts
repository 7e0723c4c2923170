import { statusOf, type SlotState } from '#slot';

/**
 * Why a slot cannot be given to a request that it fits. `none`: it can be given; `failing`: it can
 * be given, but comes last, because its last game failed to start.
 */
export type Obstacle =
  | 'none'
  | 'failing'
  | 'withheld'
  | 'taken'
  /** A request is about to claim it; to requesters it is taken. */
  | 'held'
  | 'clearing'
  | 'lost'
  | 'drained'
  | 'maintenance'
  | 'unreadable';

/** What an allocator knows of a slot beside its state. */
interface Circumstances {
  /** Whether its agent is not heard. */
  readonly isCordoned: boolean;
  /** Whether a request is about to claim it. */
  readonly isHeld: boolean;
  /** Whether it is in a pause after failed starts. */
  readonly isWithheld: boolean;
}

const OBSTACLES = {
  allocated: 'taken',
  deallocated: 'clearing',
  drained: 'drained',
  maintenance: 'maintenance',
} as const;

/** Null if the slot is retired, or was never registered. */
export function obstacleIn(
  state: SlotState,
  { isCordoned, isHeld, isWithheld }: Circumstances,
): Obstacle | null {
  const status = statusOf(state);
  if (status === 'retired' || status === 'unregistered') return null;
  // Also if the slot has a session: a slot without its agent is not free even after the session's
  // end.
  if (isCordoned || state.context.agentLost) return 'lost';
  if (status !== 'available') return OBSTACLES[status];
  if (isHeld) return 'held';
  if (isWithheld) return 'withheld';
  return state.context.failedStarts === null ? 'none' : 'failing';
}

/** The slots of one class that have the same obstacle. */
export interface ObstacleCount {
  readonly obstacle: Obstacle;
  slots: number;
}
