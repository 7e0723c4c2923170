import type { Seen } from '#diagnosis';
import { get, getAll, readiness } from '../../api.js';
import { slots } from '../../live.js';
import { useTick } from '../../parts/use-tick.js';
import type { Agent, Fleet, Machine, Region } from '../../types.js';
import { useAsked } from '../../use-answer.js';

/** How often the installation is looked at (ms). */
const LOOK_MS = 5_000;

/** What `berth doctor` looks at. */
export function useSeen() {
  return useAsked(look, '/', useTick(LOOK_MS));
}

interface Looked extends Seen {
  readonly regions: readonly Region[] | null;
}

async function look(): Promise<Looked> {
  const [{ version }, notReadyBecause, agents, fleets, machines, installation] = await Promise.all([
    get<{ version: string }>('/'),
    readiness(),
    getAll<'agents', Agent>('/v1/agents', 'agents').catch(() => null),
    getAll<'fleets', Fleet>('/v1/fleets', 'fleets').catch(() => null),
    getAll<'machines', Machine>('/v1/machines', 'machines').catch(() => null),
    get<{ regions: readonly Region[] }>('/v1/installation').catch(() => null),
  ]);
  const failed = [...slots.value.values()].flatMap(({ id, failure }) =>
    failure === null ? [] : [{ id, ...failure }],
  );
  const regions = installation?.regions ?? null;
  return { version, notReadyBecause, agents, fleets, machines, regions, failed };
}
