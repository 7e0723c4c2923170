import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { DaemonSlot, DaemonSlots } from '../daemon-slots.js';
import { slotOf } from '../daemon-deps.js';
import { expectDone } from '../problem.js';
import { bodyOf } from '../request-body.js';

/** Without an allocation, the request is about the current one. */
const readyBody = z.object({ allocationId: z.string().optional() });

const playersBody = z.object({ count: z.int().min(0).max(100_000) });

/** Routes that Multiplay's daemon does not have: for `libs/sdk`, and for any HTTP client. */
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

/** Leaves out payload and token: the `allocate` event carries them. */
function present({ serverId, session, isReady, players, heldUntil }: DaemonSlot) {
  const allocationId = session?.allocationId ?? null;
  return { serverId, allocationId, ready: isReady, players, heldUntil };
}
