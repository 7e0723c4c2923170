import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { DaemonSlot, DaemonSlots } from '../daemon-slots.js';
import { slotOf } from '../daemon-deps.js';
import { expectDone } from '../problem.js';
import { bodyOf } from '../request-body.js';

/** Without an allocation: for the one that is on. */
const readyBody = z.object({ allocationId: z.string().optional() });

const playersBody = z.object({ count: z.int().min(0).max(100_000) });

/** What Multiplay's daemon does not have: for `libs/sdk`, and for anything that speaks HTTP. */
export function serverRoutes(app: FastifyInstance, slots: DaemonSlots): void {
  app.get('/v1/servers/:serverId', (request) => Promise.resolve(present(slotOf(slots, request))));

  app.post('/v1/servers/:serverId/ready', async (request, reply) => {
    const slot = slotOf(slots, request);
    const { allocationId = slot.session?.allocationId ?? '' } = bodyOf(request, readyBody);
    expectDone(await slot.ready(allocationId));
    return reply.code(204).send();
  });

  app.post('/v1/servers/:serverId/players', async (request, reply) => {
    const slot = slotOf(slots, request);
    expectDone(await slot.count(bodyOf(request, playersBody).count));
    return reply.code(204).send();
  });

  app.post('/v1/servers/:serverId/done', async (request, reply) => {
    expectDone(await slotOf(slots, request).done());
    return reply.code(204).send();
  });
}

/** Without payload and token: those are told with the event. */
function present({ serverId, session, isReady, players, heldUntil }: DaemonSlot) {
  const allocationId = session?.allocationId ?? null;
  return { serverId, allocationId, ready: isReady, players, heldUntil };
}
