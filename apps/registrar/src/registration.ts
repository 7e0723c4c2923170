import { jsonText } from '#json';
import { reportedCause, type Offer, type SlotLimits } from '#slot';
import { hostKey, hostOf, portOf, token, type RegistrationRequest } from '#wire';
import { z } from 'zod';

/** Why a registration has ended without a session. */
const departure = z.enum(['deregistered', 'replaced', 'expired', 'unknown']);
export type Departure = z.output<typeof departure>;

export const DEPARTURES: Readonly<Record<Departure, string>> = {
  deregistered: 'the server has deregistered',
  replaced: 'another server has registered under its address',
  expired: 'its lease ran out',
  unknown: 'its registrar does not know it any more',
};

const outcome = z.discriminatedUnion('outcome', [
  z.object({
    outcome: z.literal('acked'),
    answer: jsonText,
  }),
  z.object({
    outcome: z.literal('refused'),
    reason: z.string(),
    cause: reportedCause.default('game'),
  }),
]);

/**
 * One registration, kept on disk so that it survives the registrar. It holds the URL and the token
 * of the server's callback. The log never has them before the server is allocated.
 */
export const registration = z.object({
  slot: token,
  address: z.string(),
  priority: z.number(),
  attributes: z.record(z.string(), z.string()),
  requiredAttributes: z.array(z.string()),
  ports: z.record(z.string(), z.int()),
  addresses: z.record(z.string(), z.string()).optional(),
  callback: z.object({ url: z.string(), token: z.string() }).nullable(),
  leaseMs: z.number(),
  /** Epoch ms, by the registrar's clock. */
  registeredAt: z.number(),
  /** Null while the server is believed to be there. */
  departure: departure.nullable(),
  /** The outcome of the callback for the claim `fence`; null before any. */
  called: z.object({ fence: z.int(), outcome }).nullable(),
});
export type Registration = z.output<typeof registration>;

/** Settings of a region that apply to all its registered servers. */
export interface RegistrySettings {
  readonly fleet: string;
  readonly limits: SlotLimits;
  /** Used if a registration names no lease. */
  readonly leaseMs: number;
  readonly serversMax: number;
}

export function registrationOf(
  request: RegistrationRequest,
  slot: string,
  registeredAt: number,
  { leaseMs }: RegistrySettings,
): Registration {
  const { address, priority, attributes, requiredAttributes, ports, callback, timeout } = request;
  const { addresses } = request;
  return {
    slot,
    address,
    priority,
    attributes,
    requiredAttributes,
    ports: { game: portOf(address), ...ports },
    ...(addresses && { addresses }),
    callback: callback ?? null,
    leaseMs: timeout === undefined ? leaseMs : timeout * 1_000,
    registeredAt,
    departure: null,
    called: null,
  };
}

/** The registration's offer. Leaves out the callback's URL and token, which nobody else may see. */
export function offerOf(
  { address, priority, attributes, requiredAttributes, ports, addresses }: Registration,
  { fleet, limits }: RegistrySettings,
): Offer {
  return {
    fleet,
    buildConfiguration: fleet,
    attributes,
    requiredAttributes,
    priority,
    address,
    ip: hostKey(hostOf(address)) ?? hostOf(address),
    ports,
    limits,
    runsAny: false,
    ...(addresses && { addresses }),
  };
}

/** Stands for a slot of the log whose registration was not kept. */
export function strangerOf(slot: string, offer: Offer): Registration {
  const { address, priority, attributes, requiredAttributes, ports, addresses } = offer;
  return {
    slot,
    address,
    priority,
    attributes,
    requiredAttributes: [...requiredAttributes],
    ports,
    ...(addresses && { addresses }),
    callback: null,
    leaseMs: 0,
    registeredAt: 0,
    departure: 'unknown',
    called: null,
  };
}
