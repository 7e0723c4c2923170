export { type Twice } from './allocations.js';
export { type FleetCounts, type Free } from './fleets.js';
export { Pool } from './pool.js';
export type { Present } from './present.js';
export { machineOf } from './residents.js';
export { type Effort, type RolloutCounts } from './rollouts.js';
export { Line, type Waiting } from './line.js';
export { type Wish } from './wish.js';
