import { numberOf } from '#multiplay';
import type { FastifyInstance } from 'fastify';
import { familiesOf } from '../../game/launch-context.js';
import type { DaemonSlots, Reservation } from '../daemon-slots.js';
import { slotOf } from '../daemon-deps.js';
import { expectDone } from '../problem.js';

export function reservationRoutes(app: FastifyInstance, slots: DaemonSlots): void {
  const path = '/v1/servers/:serverId/reservations';

  app.post(path, async (request, reply) => {
    const reserved = await slotOf(slots, request).reserve();
    if ('code' in reserved) return expectDone(reserved);
    return reply.code(200).send(reservation(reserved));
  });

  app.delete(path, async (request, reply) => {
    expectDone(await slotOf(slots, request).unreserve());
    return reply.code(204).send();
  });
}

function reservation({ id, buildConfiguration, gamePort, ...reserved }: Reservation) {
  const { ip: ipv4, ipv6 } = familiesOf(reserved);
  const requested = new Date(reserved.requestedAt).toISOString();
  const fulfilled = new Date(reserved.fulfilledAt).toISOString();
  return {
    // The Go SDK reads a number here. Berth's build configurations have names, unless they came
    // from Multiplay.
    buildConfigurationId: Number(numberOf(buildConfiguration)),
    created: requested,
    fulfilled,
    gamePort,
    ...(ipv4 !== '' && { ipv4 }),
    ...(ipv6 !== '' && { ipv6 }),
    requested,
    reservationId: id,
  };
}
