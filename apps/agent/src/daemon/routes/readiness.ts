import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { DaemonSlots } from '../daemon-slots.js';
import { parameter, slotOf } from '../daemon-deps.js';
import { expectDone } from '../problem.js';
import { bodyOf } from '../request-body.js';

const readyBody = z.object({ ready: z.boolean() });

/**
 * Both ways to say "ready": that of Unity and Unreal (`/v1/server`), and that of Go
 * (`/v1/servers`).
 */
export function readinessRoutes(app: FastifyInstance, slots: DaemonSlots): void {
  const path = '/v1/server/:serverId/allocation/:allocationId/ready-for-players';
  app.post(path, async (request) => {
    expectDone(await slotOf(slots, request).ready(parameter(request, 'allocationId')));
    return {};
  });

  app.post('/v1/server/:serverId/unready', async (request) => {
    expectDone(await slotOf(slots, request).unready());
    return {};
  });

  app.patch('/v1/servers/:serverId/allocations/:allocationId', async (request, reply) => {
    const slot = slotOf(slots, request);
    const { ready } = bodyOf(request, readyBody);
    expectDone(await (ready ? slot.ready(parameter(request, 'allocationId')) : slot.unready()));
    return reply.code(204).send();
  });
}
