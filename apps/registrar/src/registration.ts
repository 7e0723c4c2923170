import { jsonText } from '#json';
import {
  allocation,
  projectName,
  reportedCause,
  type Offer,
  type SlotContext,
  type SlotLimits,
  type UnloggedSession,
} from '#slot';
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
  /** Missing: the default project. */
  project: projectName.optional(),
  /** Who registered it, and who ended the registration; missing where nobody is known. */
  by: z.string().optional(),
  departedBy: z.string().optional(),
  /** The network address that registered it; missing in registrations of older versions. */
  from: z.string().optional(),
  callback: z.object({ url: z.string(), token: z.string() }).nullable(),
  leaseMs: z.number(),
  /** Epoch ms, by the registrar's clock. */
  registeredAt: z.number(),
  /** Null while the server is believed to be there. */
  departure: departure.nullable(),
  /** The outcome of the callback for the claim `fence`; null before any. */
  called: z
    .object({
      fence: z.int(),
      outcome,
      /** The claim's allocation; null if it was kept by a version up to 0.2.0. */
      allocation: allocation.nullable().default(null),
    })
    .nullable(),
});
export type Registration = z.output<typeof registration>;

/** Whether the server was called for this claim. After the log went back, another can have its fence. */
export function isCalledFor(
  { called }: Registration,
  { fence, allocation: claimed }: SlotContext,
): boolean {
  if (called === null) return false;
  return called.allocation === null ? called.fence === fence : called.allocation.id === claimed?.id;
}

/** The session that the server has accepted and the log does not tell of; null if there is none. */
export function unloggedSession(
  { called, callback, departure }: Registration,
  { allocation: claimed, lastEnd }: SlotContext,
): UnloggedSession | null {
  const accepted = called?.outcome.outcome === 'acked' ? called.outcome : null;
  if (departure !== null || accepted === null || called?.allocation == null) return null;
  const { fence, allocation: known } = called;
  const isTold = claimed?.id === known.id || lastEnd?.allocationId === known.id;
  const token = callback?.token ?? '';
  return isTold ? null : { fence, allocation: { ...known, answer: accepted.answer, token } };
}

/** What proves that a request comes from the server that is registered: its callback's token, or also the address. */
type ReplacementRule = 'address' | 'token';

/** Settings of a region that apply to all its registered servers. */
export interface RegistrySettings {
  readonly fleet: string;
  readonly limits: SlotLimits;
  /** Used if a registration names no lease. */
  readonly leaseMs: number;
  readonly serversMax: number;
  readonly replacement: ReplacementRule;
}

export function registrationOf(
  request: RegistrationRequest,
  slot: string,
  registeredAt: number,
  { leaseMs }: RegistrySettings,
): Registration {
  const { address, priority, attributes, requiredAttributes, ports, callback, timeout } = request;
  const { addresses, project, by, from } = request;
  return {
    slot,
    address,
    priority,
    attributes,
    requiredAttributes,
    ports: { game: portOf(address), ...ports },
    ...(addresses && { addresses }),
    ...(project !== undefined && { project }),
    ...(by !== undefined && { by }),
    ...(from !== undefined && { from }),
    callback: callback ?? null,
    leaseMs: timeout === undefined ? leaseMs : timeout * 1_000,
    registeredAt,
    departure: null,
    called: null,
  };
}

/** The registration's offer. Leaves out the callback's URL and token, which nobody else may see. */
export function offerOf(
  { address, priority, attributes, requiredAttributes, ports, addresses, project }: Registration,
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
    ...(project !== undefined && { projects: [project] }),
  };
}

/** Stands for a slot of the log whose registration was not kept. */
export function strangerOf(slot: string, offer: Offer): Registration {
  const { address, priority, attributes, requiredAttributes, ports, addresses, projects } = offer;
  const [project] = projects ?? [];
  return {
    slot,
    address,
    priority,
    attributes,
    requiredAttributes: [...requiredAttributes],
    ports,
    ...(addresses && { addresses }),
    ...(project !== undefined && { project }),
    callback: null,
    leaseMs: 0,
    registeredAt: 0,
    departure: 'unknown',
    called: null,
  };
}
