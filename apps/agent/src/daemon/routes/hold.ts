import type { Clock } from '#kernel';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { DaemonSlot, DaemonSlots } from '../daemon-slots.js';
import { goDurationMs } from '../go-duration.js';
import { slotOf } from '../daemon-deps.js';
import { expectDone } from '../problem.js';
import { bodyOf } from '../request-body.js';

const HOLD_MS_MAX = 7 * 86_400_000;

const holdBody = z.object({
  timeout: z.string().transform((text, context) => {
    const ms = goDurationMs(text);
    if (ms !== null && ms > 0 && ms <= HOLD_MS_MAX) return ms;
    context.addIssue({ code: 'custom', message: 'must be a duration like "10m", at most 168h' });
    return z.NEVER;
  }),
});

export function holdRoutes(app: FastifyInstance, slots: DaemonSlots, clock: Clock): void {
  const path = '/v1/servers/:serverId/hold';

  app.post(path, async (request) => {
    const slot = slotOf(slots, request);
    const { timeout } = bodyOf(request, holdBody);
    expectDone(await slot.hold(clock.now() + timeout));
    return hold(slot);
  });

  app.get(path, (request) => Promise.resolve(hold(slotOf(slots, request))));

  app.delete(path, async (request, reply) => {
    expectDone(await slotOf(slots, request).release());
    return reply.code(204).send();
  });
}

/**
 * `expiresAt` is in seconds and rounded up, so that a game is never told less than it was promised.
 */
function hold({ heldUntil }: DaemonSlot) {
  return { expiresAt: Math.ceil((heldUntil ?? 0) / 1_000), held: heldUntil !== null };
}
