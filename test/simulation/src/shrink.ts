import type { Act, Schedule } from './schedule.js';
import { simulate } from './simulation.js';
import type { Breakage } from './breakage.js';

/** Greatest number of runs spent on one failure. */
const RUNS_MAX = 600;

/**
 * Finds a shorter schedule that violates the same invariant: drops half of the acts, a quarter and
 * so on down to single acts, as long as the violation remains.
 */
export async function shrink(
  schedule: Schedule,
  invariant: string,
  breakage: Breakage = {},
): Promise<Schedule> {
  let acts = schedule.acts;
  let runs = 0;
  const isStillWrong = async (fewer: readonly Act[]) => {
    runs += 1;
    const { violation } = await simulate({ ...schedule, acts: fewer }, breakage);
    return violation?.invariant === invariant;
  };
  for (let size = Math.ceil(acts.length / 2); size >= 1 && runs < RUNS_MAX;) {
    const before = acts.length;
    for (let start = 0; start < acts.length && runs < RUNS_MAX;) {
      const fewer = [...acts.slice(0, start), ...acts.slice(start + size)];
      if (await isStillWrong(fewer)) acts = fewer;
      else start += size;
    }
    if (size === 1 && acts.length === before) break;
    size = Math.max(1, Math.floor(size / 2));
  }
  return { ...schedule, acts };
}
