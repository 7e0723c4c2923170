import type { OutboundRules } from '#callback-http';
import type { RegistrarConfig } from './config.js';
import type { RegistrySettings } from './registration.js';

/** Where NATS_URL names no port. */
const NATS_PORT = '4222';

export function registrySettings(config: RegistrarConfig): RegistrySettings {
  const { BERTH_CALLBACK_MS: callbackMs, BERTH_SESSION_MS: sessionMs } = config;
  return {
    fleet: config.BERTH_FLEET,
    leaseMs: config.BERTH_LEASE_S * 1_000,
    serversMax: config.BERTH_SERVERS_MAX,
    limits: {
      callbackMs,
      // There is nothing to be started: who registers, runs.
      coldStartMs: callbackMs,
      // Registered servers do not tell of players, so lack of players never ends a session earlier.
      idleMs: sessionMs,
      sessionMs,
      restartsMax: 0,
    },
  };
}

/** NATS itself is forbidden whatever is configured. */
export function outboundRules(config: RegistrarConfig): OutboundRules {
  return {
    networks: config.BERTH_CALLBACK_NETWORKS,
    forbidden: [...config.BERTH_CALLBACK_FORBIDDEN, ...natsDoors(config.NATS_URL)],
  };
}

function natsDoors(servers: string): readonly string[] {
  return servers.split(',').flatMap((server) => {
    const text = server.trim();
    const url = text.includes('://') ? text : `nats://${text}`;
    if (!URL.canParse(url)) return [];
    const { hostname, port } = new URL(url);
    return [`${hostname}:${port === '' ? NATS_PORT : port}`];
  });
}
