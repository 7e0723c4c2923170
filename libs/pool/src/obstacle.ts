/**
 * Why a slot cannot be given to a request that it fits. `none`: it can be given; `failing`: it can
 * be given, but comes last, because its last game failed to start.
 */
export type Obstacle =
  | 'none'
  | 'failing'
  | 'withheld'
  | 'taken'
  | 'clearing'
  | 'lost'
  | 'drained'
  | 'maintenance'
  | 'unreadable';

/** The slots of one class that have the same obstacle. */
export interface ObstacleCount {
  readonly obstacle: Obstacle;
  slots: number;
}
