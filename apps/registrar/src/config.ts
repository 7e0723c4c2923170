import { isDoor, isNameServer, isNetwork } from '#callback-http';
import { commonSettings, listOf, milliseconds, path, readConfig } from '#service-runtime';
import { LEASE_S_MAX, token } from '#wire';
import { z } from 'zod';

const network = z.string().refine(isNetwork, 'must be a list of networks like 10.0.0.0/8');
const door = z
  .string()
  .refine(isDoor, 'must be a list of addresses like nats.internal:4222 or *:4222');

const nameServer = z
  .string()
  .refine(isNameServer, 'must be a list of DNS servers like 10.0.0.2 or 10.0.0.2:5353');

const name = token.meta({ title: 'name' });

/** nats-server's default ports for clients, clusters, gateways, leaf nodes and its monitor. */
const NATS_DOORS = ['*:4222', '*:6222', '*:7222', '*:7422', '*:8222'];

/** The settings that the registrar reads from its environment. */
export const registrarSettings = z.object({
  ...commonSettings,
  BERTH_REGION: name.default('local').describe('region that servers register in'),
  BERTH_AGENT: name.default('registrar').describe('name of a registrar in a new data folder'),
  BERTH_MACHINE: name
    .optional()
    .describe('exact name that it is enrolled under; BERTH_AGENT is given a suffix'),
  BERTH_DATA: path.describe('folder with its name and registrations; keep it across upgrades'),
  BERTH_FLEET: z
    .string()
    .max(128)
    .default('registered')
    .describe('fleet, and build configuration, of the servers that register'),
  BERTH_LEASE_S: z.coerce
    .number()
    .int()
    .min(1)
    .max(LEASE_S_MAX)
    .default(60)
    .describe(
      'how long a registration lasts without a keep-alive, if it does not name a time itself',
    ),
  BERTH_SERVERS_MAX: z.coerce
    .number()
    .int()
    .positive()
    .default(10_000)
    .describe('servers that may be registered at the same time'),
  BERTH_REPLACEMENT: z
    .enum(['address', 'token'])
    .default('address')
    .describe(
      'what proves that a request to replace or remove a server is its own: its callback token, or also the network address that registered it',
    ),
  BERTH_SESSION_MS: milliseconds
    .default(86_400_000)
    .describe('how long a session may last before it is ended'),
  BERTH_CALLBACK_MS: milliseconds
    .default(5_000)
    .describe('how long a server may take to answer its callback'),
  BERTH_CALLBACK_ENVELOPE: z
    .enum(['bare', 'payload'])
    .default('bare')
    .describe('whether the body of a callback is the payload, or an object with it as `payload`'),
  BERTH_CALLBACK_EMPTY: z
    .enum(['object', 'null'])
    .default('object')
    .describe('payload of a callback if the request has none: `{}`, or `null`'),
  BERTH_CALLBACK_NETWORKS: listOf(network, 'networks')
    .default([])
    .describe(
      'networks that callbacks may go to, those of your game servers; to this machine only if 127.0.0.0/8 is named',
    ),
  BERTH_CALLBACK_FORBIDDEN: listOf(door, '`host:port` or `*:port`')
    .prefault(NATS_DOORS.join(','))
    .describe(
      'addresses that are never called, in whatever network they are; name your gateways here',
    ),
  BERTH_CALLBACK_DNS: listOf(nameServer, 'addresses')
    .default([])
    .describe("DNS servers that resolve host names; the machine's own if not set"),
});

export type RegistrarConfig = z.output<typeof registrarSettings>;

/** Throws `ConfigInvalid` with everything that is wrong. */
export function readRegistrarConfig(env: NodeJS.ProcessEnv): RegistrarConfig {
  return readConfig(registrarSettings, env);
}
