import { getAll } from '../../api.js';
import { useTick } from '../../parts/use-tick.js';
import type { Agent, Machine } from '../../types.js';
import { useAsked } from '../../use-answer.js';

/** How often they are asked for (ms). */
const LOOK_MS = 2_000;

/** All agents with what their last beats said. */
export const useAgents = () => useById<'agents', Agent>('agents');

/** All machines that have slots or a policy, with what they may say of their slots. */
export const useMachines = () => useById<'machines', Machine>('machines');

function useById<Name extends string, T extends { readonly id: string }>(name: Name) {
  const path = `/v1/${name}`;
  const read = async () => {
    const all = await getAll<Name, T>(path, name);
    return new Map(all.map((one) => [one.id, one]));
  };
  return useAsked<ReadonlyMap<string, T>>(read, path, useTick(LOOK_MS));
}
