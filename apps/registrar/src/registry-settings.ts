import type { OutboundRules } from '#callback-http';
import type { RegistrarConfig } from './config.js';
import type { RegistrySettings } from './registration.js';

/** The port if NATS_URL names none. */
const NATS_PORT = '4222';

export function registrySettings(config: RegistrarConfig): RegistrySettings {
  const { BERTH_CALLBACK_MS: callbackMs, BERTH_SESSION_MS: sessionMs } = config;
  return {
    fleet: config.BERTH_FLEET,
    leaseMs: config.BERTH_LEASE_S * 1_000,
    serversMax: config.BERTH_SERVERS_MAX,
    replacement: config.BERTH_REPLACEMENT,
    limits: {
      callbackMs,
      // Nothing has to be started: a server that registers is running.
      coldStartMs: callbackMs,
      // Registered servers do not report players, so the idle limit never ends a session earlier.
      idleMs: sessionMs,
      sessionMs,
      restartsMax: 0,
    },
  };
}

/** Rules for callbacks. They forbid the addresses of NATS_URL whatever is configured. */
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
