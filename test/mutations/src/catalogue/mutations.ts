import type { Mutation } from '../mutation.js';
import { claimMutations } from './claims.js';
import { logMutations } from './log.js';
import { repairMutations } from './repair.js';
import { returnMutations } from './return.js';
import { slotMutations } from './slot.js';

export const mutations: readonly Mutation[] = [
  ...claimMutations,
  ...logMutations,
  ...slotMutations,
  ...repairMutations,
  ...returnMutations,
];
