export type { DuplicateAllocation } from './index/allocation-index.js';
export type { FleetCounts } from './index/fleet-index.js';
export type { RolloutCounts } from './index/rollout-index.js';
export { Pool } from './pool.js';
export type { Pick, PoolListener, Shortage } from './selection.js';
export type { ChangeCost, FreeSlot } from './slot-entry.js';
export type { SlotHead } from './slot-head.js';
export type { SlotRequirements } from './slot-requirements.js';
export { WaitQueue, type Waiting } from './waiting/wait-queue.js';
