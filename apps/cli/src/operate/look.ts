import type { Seen } from '#diagnosis';
import {
  agentsAnswer,
  fleetsAnswer,
  installationAnswer,
  machinesAnswer,
  rootAnswer,
  slotsAnswer,
} from '#http-api';
import { version } from '#service-runtime';
import { isAway, type Api } from './api.js';

/** How many slots are searched for failures. */
const SLOTS_MAX = 1_000;

/** Throws if the gateway cannot be reached. What the gateway cannot tell is null. */
export async function look(api: Api): Promise<Seen> {
  const gateway = await api.get('/', rootAnswer);
  const [notReadyBecause, agents, page, sized, held, installation] = await Promise.all([
    api.notReadyBecause(),
    api.get('/v1/agents?limit=1000', agentsAnswer).catch(unlessAway),
    api.get(`/v1/slots?limit=${SLOTS_MAX}`, slotsAnswer).catch(unlessAway),
    api.get('/v1/fleets?limit=1000', fleetsAnswer).catch(unlessAway),
    api.get('/v1/machines?limit=1000', machinesAnswer).catch(unlessAway),
    // A gateway before version 0.3 has no such route.
    api.find('/v1/installation', installationAnswer).catch(unlessAway),
  ]);
  return {
    version: gateway.version,
    ownVersion: version,
    notReadyBecause,
    agents: agents?.agents ?? null,
    fleets: sized?.fleets ?? null,
    machines: held?.machines ?? null,
    regions: installation?.regions ?? null,
    failed: (page?.slots ?? []).flatMap(({ id, failure }) => (failure ? [{ id, ...failure }] : [])),
  };
}

/** Null if something behind the gateway is away; throws any other error. */
function unlessAway(error: unknown): null {
  if (isAway(error)) return null;
  throw error;
}
