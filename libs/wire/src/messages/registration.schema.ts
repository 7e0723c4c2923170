import { token } from '#kernel';
import { projectName } from '#slot';
import { z } from 'zod';
import { playerHosts, serverAddress } from './address.schema.js';
import { allocationRequest } from './allocation.schema.js';

/** The longest time that a registration lasts without a keep-alive, in seconds: one day. */
export const LEASE_S_MAX = 86_400;

/** Who asks; recorded. */
const by = z.string().max(256).optional();

const timeout = z.int().min(1).max(LEASE_S_MAX);

const callback = z.object({
  token: z
    .string()
    .max(1_024)
    .regex(/^[\x21-\x7e]*$/, 'must be printable ASCII without spaces')
    .default('')
    .describe('sent to the server as a bearer token, and given to the requester of the server'),
  url: z.string().min(1).max(2_048).describe('without a scheme it is http'),
});

const keys = z.array(z.string().min(1).max(256)).max(64);
const ports = z
  .record(z.string().min(1).max(64), z.int().min(0).max(65_535))
  .refine((named) => Object.keys(named).length <= 64, 'at most 64 ports');

/** What shows that a request comes from the server that is registered, or may speak for it. */
const proof = {
  /** The network address that the gateway was asked from. */
  from: z.string().max(64).optional(),
  /** The callback token of the server to be replaced or removed. */
  proof: z.string().max(1_024).optional(),
  /** The access token has the scope `operate`. */
  isOperator: z.boolean().optional(),
};
export type Proof = z.output<z.ZodObject<typeof proof>>;

const described = z.object({
  address: serverAddress,
  priority: z.int().min(-1_000_000).max(1_000_000).describe('lower is allocated first'),
  region: token,
  attributes: allocationRequest.shape.attributes,
  // The vendor never published the name of this field.
  requiredAttributes: keys
    .default([])
    .describe('attributes that a request must name to get this server'),
  ports: ports.default({}),
  addresses: playerHosts
    .optional()
    .describe(
      'an addition of Berth: further hosts by name, like `ipv6` or `internal`, with the same ports',
    ),
  score: z.number().optional().describe('accepted, but not used'),
  callback: callback.optional(),
  timeout: timeout
    .optional()
    .describe(
      "seconds that the registration lasts without a keep-alive; the region's own if missing",
    ),
});

const canBeAsked = ({
  attributes,
  requiredAttributes,
}: Pick<z.output<typeof described>, 'attributes' | 'requiredAttributes'>) =>
  requiredAttributes.every((key) => Object.hasOwn(attributes, key));
const ASKED = {
  path: ['requiredAttributes'],
  message: 'must be keys of attributes, otherwise no request can ever get the server',
};

/**
 * A server that registers itself, like GameFabric's; unknown fields are allowed. Its project is that
 * of the access token: missing is the default one.
 */
export const registrationRequest = described
  .extend({ project: projectName.optional(), by, ...proof })
  .refine(canBeAsked, ASKED);
export type RegistrationRequest = z.output<typeof registrationRequest>;

/**
 * The same over HTTP: without a region it is that of the gateway, if the gateway serves only one.
 */
export const registrationBody = described
  .extend({ region: token.optional() })
  .refine(canBeAsked, ASKED);
export type RegistrationBody = z.output<typeof registrationBody>;

/** Over HTTP the path names the server. */
export const keepAliveBody = z.object({
  timeout: timeout.optional().describe('seconds from now; if missing, as in the registration'),
});
export type KeepAliveBody = z.output<typeof keepAliveBody>;

/** Each project has registrations of its own, also of one address. */
const place = { address: serverAddress, project: projectName.optional() };

export const keepAliveRequest = keepAliveBody.extend(place);
export type KeepAliveRequest = z.output<typeof keepAliveRequest>;

export const deregistrationRequest = z.object({ ...place, by, ...proof });
export type DeregistrationRequest = z.output<typeof deregistrationRequest>;

/** Why a registrar refuses a request. Stable. */
export const registrarRefusalCode = z.enum([
  'invalid',
  /** Berth must not call the address of the callback. */
  'callback-forbidden',
  /** No server is registered at the address: it was allocated, or its lease ran out. */
  'unknown-server',
  /** Another server is registered at the address, and the request does not prove to be of it. */
  'not-proven',
  /** The region has as many registered servers as are allowed. */
  'too-many-servers',
  'not-ready',
  /** No verdict in time; the outcome is not known. */
  'timed-out',
]);
export type RegistrarRefusalCode = z.output<typeof registrarRefusalCode>;

const refused = z.object({
  status: z.literal('refused'),
  code: registrarRefusalCode,
  message: z.string(),
});
export type RegistrarRefused = z.output<typeof refused>;

export const registered = z.object({
  status: z.literal('registered'),
  address: z.string(),
  region: z.string(),
  slot: z.string().describe('`region.agent.slot`; its history is the history of the registration'),
  timeout: z.number().describe('seconds until the lease runs out'),
  offered: z.boolean().describe('whether the log shows it already, so that it can be allocated'),
});

/** The answer to a registration and to a keep-alive. */
export const registrationAnswer = z.discriminatedUnion('status', [registered, refused]);
export type RegistrationAnswer = z.output<typeof registrationAnswer>;

export const deregistered = z.object({ status: z.literal('deregistered'), address: z.string() });
export const deregistrationAnswer = z.discriminatedUnion('status', [deregistered, refused]);
export type DeregistrationAnswer = z.output<typeof deregistrationAnswer>;
