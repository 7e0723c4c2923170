import type { Seen } from '#diagnosis';
import { get, getAll, readiness } from '../../api.js';
import { slots } from '../../live.js';
import { useTick } from '../../parts/use-tick.js';
import type { Agent, Fleet, Machine } from '../../types.js';
import { useAsked } from '../../use-answer.js';

/** How often the installation is looked at (ms). */
const LOOK_MS = 5_000;

/** What `berth doctor` looks at. */
export function useSeen() {
  return useAsked(look, '/', useTick(LOOK_MS));
}

async function look(): Promise<Seen> {
  const [{ version }, notReadyBecause, agents, fleets, machines] = await Promise.all([
    get<{ version: string }>('/'),
    readiness(),
    getAll<'agents', Agent>('/v1/agents', 'agents').catch(() => null),
    getAll<'fleets', Fleet>('/v1/fleets', 'fleets').catch(() => null),
    getAll<'machines', Machine>('/v1/machines', 'machines').catch(() => null),
  ]);
  const failed = [...slots.value.values()].flatMap(({ id, failure }) =>
    failure === null ? [] : [{ id, ...failure }],
  );
  return { version, notReadyBecause, agents, fleets, machines, failed };
}
