import { getAll } from '../../api.js';
import { regions } from '../../live.js';
import { useTick } from '../../parts/use-tick.js';
import type { Refusal } from '../../types.js';
import { useAsked } from '../../use-answer.js';

/** How often refusals are asked for again (ms). */
const LOOK_MS = 5_000;

/** The refusals of the last day in all regions, the latest first. */
export function useRefusals() {
  const names = regions.value.join();
  const read = async (): Promise<readonly Refusal[]> => {
    const lists = names
      .split(',')
      .map((region) => getAll<'refusals', Refusal>('/v1/refusals', 'refusals', { region }));
    return (await Promise.all(lists))
      .flat()
      .toSorted((one, other) => other.refusedAt - one.refusedAt);
  };
  return useAsked(read, names, useTick(LOOK_MS));
}
