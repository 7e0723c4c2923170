import { DEFAULT_NETWORKS, isDoor, isNameServer, isNetwork } from '#callback-http';
import { commonSettings, listOf, milliseconds, readConfig } from '#service-runtime';
import { LEASE_S_MAX, token } from '#wire';
import { resolve } from 'node:path';
import { z } from 'zod';

const network = z.string().refine(isNetwork, 'must be a list of networks like 10.0.0.0/8');
const door = z.string().refine(isDoor, 'must be a list of doors like nats.internal:4222 or *:4222');

const nameServer = z
  .string()
  .refine(isNameServer, 'must be a list of DNS servers like 10.0.0.2 or 10.0.0.2:5353');

/** nats-server's ports for clients, clusters, gateways, leaf nodes and its monitor. */
const NATS_DOORS = ['*:4222', '*:6222', '*:7222', '*:7422', '*:8222'];

/** The registrar's environment. */
export const registrarSettings = z.object({
  ...commonSettings,
  BERTH_REGION: token.default('local').describe('region whose registered servers these are'),
  BERTH_AGENT: token.default('registrar').describe('name of a new registrar'),
  BERTH_DATA: z
    .string()
    .transform((path) => resolve(path))
    .describe('folder that is the registrar'),
  BERTH_FLEET: z.string().max(128).default('registered').describe('fleet of registered servers'),
  BERTH_LEASE_S: z.coerce
    .number()
    .int()
    .min(1)
    .max(LEASE_S_MAX)
    .default(60)
    .describe('seconds without a keep-alive after which a registration is over, by default'),
  BERTH_SERVERS_MAX: z.coerce
    .number()
    .int()
    .positive()
    .default(10_000)
    .describe('servers that may be registered at the same time'),
  BERTH_SESSION_MS: milliseconds
    .default(86_400_000)
    .describe('how long a session may last that nobody ends'),
  BERTH_CALLBACK_MS: milliseconds.default(5_000).describe('time for a server to answer'),
  BERTH_CALLBACK_ENVELOPE: z
    .enum(['bare', 'payload'])
    .default('bare')
    .describe('whether the body is the payload, or an object with it as "payload"'),
  BERTH_CALLBACK_NETWORKS: listOf(network)
    .default([...DEFAULT_NETWORKS])
    .describe('networks that may be called; this machine only where 127.0.0.0/8 is named'),
  BERTH_CALLBACK_FORBIDDEN: listOf(door)
    .default(NATS_DOORS)
    .describe('host:port, or *:port, that is never called; name your gateways here'),
  BERTH_CALLBACK_DNS: listOf(nameServer)
    .default([])
    .describe('DNS servers that say where a name leads; as the machine has it, if empty'),
});

export type RegistrarConfig = z.output<typeof registrarSettings>;

/** Throws `ConfigInvalid` with all that is wrong. */
export function readRegistrarConfig(env: NodeJS.ProcessEnv): RegistrarConfig {
  return readConfig(registrarSettings, env);
}
