import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { DaemonSlots } from '../daemon-slots.js';
import type { Callers } from '../callers.js';
import { parameter } from '../daemon-deps.js';

/**
 * `GET` the payload of an allocation: a JSON string is returned as its plain text, everything else
 * as JSON.
 */
export function payloadRoutes(
  app: FastifyInstance,
  slots: DaemonSlots,
  callers: Callers | undefined,
): void {
  const answer = async (request: FastifyRequest, reply: FastifyReply) => {
    const allocationId = parameter(request, 'allocationId');
    const caller = await callers?.slotOf(request.raw.socket);
    const session = caller === null ? null : slots.sessionOf(allocationId, caller);
    const payload = session?.payload;
    if (payload === undefined || payload.text === 'null')
      return reply.code(404).send(noPayload(allocationId));
    const text = payload.text.startsWith('"') ? String(payload.value()) : payload.text;
    return reply.type('text/plain; charset=utf-8').send(text);
  };
  app.get('/payload/:allocationId', answer);
  app.get('/v1/payload/allocations/:allocationId', answer);
}

function noPayload(allocationId: string) {
  return {
    success: false,
    error: true,
    error_code: 404,
    error_message: `allocation "${allocationId}" is not on this machine, or has no payload`,
  };
}
