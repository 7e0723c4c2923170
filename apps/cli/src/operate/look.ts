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
import { isAway, NoServer, type Api } from './api.js';

/** How many slots are searched for failures. */
const SLOTS_MAX = 1_000;

/**
 * How long (ms) to wait for all answers together; the way there and back may take a second more. Who
 * asks what is wrong must not wait for what hangs.
 */
const LOOK_MS = 4_000;

/**
 * Asks for everything at once. What the gateway cannot tell is null, and `unanswered` names what it
 * did not answer in time.
 *
 * @throws {ApiFailure} if the gateway cannot be reached, or does not let the caller look
 */
export async function look(api: Api, withinMs = LOOK_MS): Promise<Seen> {
  const unanswered: string[] = [];
  const unlessAway = (asked: string) => (error: unknown) => {
    if (!isAway(error)) throw error;
    const isAnswered = !(error instanceof NoServer) || error.code === 'no-allocator';
    if (!isAnswered) unanswered.push(asked);
    return null;
  };
  const [gateway, unready, agents, page, sized, held, installation] = await Promise.all([
    api.get('/', rootAnswer, withinMs),
    api.notReadyBecause(withinMs).catch(unlessAway('readiness')),
    api.get('/v1/agents?limit=1000', agentsAnswer, withinMs).catch(unlessAway('agents')),
    api.get(`/v1/slots?limit=${SLOTS_MAX}`, slotsAnswer, withinMs).catch(unlessAway('slots')),
    api.get('/v1/fleets?limit=1000', fleetsAnswer, withinMs).catch(unlessAway('fleets')),
    api.get('/v1/machines?limit=1000', machinesAnswer, withinMs).catch(unlessAway('machines')),
    // A gateway before version 0.3 has no such route.
    api.find('/v1/installation', installationAnswer, withinMs).catch(unlessAway('installation')),
  ]);
  return {
    version: gateway.version,
    ownVersion: version,
    notReadyBecause: unready ?? ['it has not said yet'],
    unanswered,
    agents: agents?.agents ?? null,
    fleets: sized?.fleets ?? null,
    machines: held?.machines ?? null,
    regions: installation?.regions ?? null,
    failed: (page?.slots ?? []).flatMap(({ id, failure }) => (failure ? [{ id, ...failure }] : [])),
  };
}
