import type { Random, Clock } from '#kernel';
import type { Logger } from '#service-runtime';
import type { FastifyRequest } from 'fastify';
import type { DaemonSlot, DaemonSlots } from './daemon-slots.js';
import type { DaemonLimits } from './limits.js';
import { Problem } from './problem.js';

/** What the daemon needs. */
export interface DaemonDeps {
  readonly slots: DaemonSlots;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Name of the machine's agent. */
  readonly agent: string;
  readonly limits: DaemonLimits;
}

/** The slot whose id is in the path. Throws `Problem` (404) if there is none. */
export function slotOf(slots: DaemonSlots, request: FastifyRequest): DaemonSlot {
  const serverId = parameter(request, 'serverId');
  const slot = slots.find(serverId);
  if (slot !== null) return slot;
  throw new Problem(
    404,
    `no server "${serverId}" is on this machine; server.json and BERTH_SERVER_ID say which one is yours`,
  );
}

export function parameter({ params }: FastifyRequest, name: string): string {
  return (params as Readonly<Record<string, string>>)[name] ?? '';
}
