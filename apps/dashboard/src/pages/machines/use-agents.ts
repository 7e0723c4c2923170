import { getAll } from '../../api.js';
import { useTick } from '../../parts/use-tick.js';
import type { Agent } from '../../types.js';
import { useAsked } from '../../use-answer.js';

/** How often they are asked for (ms). */
const LOOK_MS = 2_000;

/** All agents with what their last beats said, by id. */
export function useAgents() {
  const read = async () => {
    const agents = await getAll<'agents', Agent>('/v1/agents', 'agents');
    return new Map(agents.map((agent) => [agent.id, agent]));
  };
  return useAsked<ReadonlyMap<string, Agent>>(read, '/v1/agents', useTick(LOOK_MS));
}
