import type { Random, Clock } from '#kernel';
import type { Logger } from '#service-runtime';
import type { FastifyRequest } from 'fastify';
import type { DaemonSlot, DaemonSlots } from './daemon-slots.js';
import type { DaemonLimits } from './limits.js';
import type { Callers } from './callers.js';
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
  /** Who may ask of which slot. If missing, whoever connects may ask of all. */
  readonly callers?: Callers;
}

/** The slot whose id is in the path. Throws `Problem` (404) if there is none. */
export function slotOf(slots: DaemonSlots, request: FastifyRequest): DaemonSlot {
  const serverId = parameter(request, 'serverId');
  const slot = slots.find(serverId);
  if (slot !== null) return slot;
  throw unknownServer(serverId);
}

/** The same for a server that is not here and for one that is not the game's. */
export function unknownServer(serverId: string): Problem {
  return new Problem(
    404,
    `no server "${serverId}" of yours is on this machine; server.json and BERTH_SERVER_ID say which one is yours`,
  );
}

export function parameter({ params }: FastifyRequest, name: string): string {
  return (params as Readonly<Record<string, string>>)[name] ?? '';
}
