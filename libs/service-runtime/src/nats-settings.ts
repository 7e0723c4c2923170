import type { NatsAddress } from '#jetstream';
import { z } from 'zod';
import { path } from './settings.js';

/** Settings of the connection to NATS, the same for services and commands. */
export const natsSettings = {
  NATS_URL: z
    .string()
    .default('nats://127.0.0.1:4222')
    .meta({ title: 'URLs, comma separated' })
    .describe(
      "nats-server's addresses; several for a cluster; `user:password@` or `token@` before the host; `tls://` requires TLS",
    ),
  NATS_CREDS_FILE: path
    .optional()
    .describe("credentials file to log in to NATS with: a user's JWT and NKey seed"),
  NATS_NKEY_FILE: path.optional().describe('file with the NKey seed to log in to NATS with'),
  NATS_USER: z.string().optional().describe('user to log in to NATS as, with NATS_PASSWORD_FILE'),
  NATS_USER_FILE: path.optional().describe('file with the name of that user'),
  NATS_PASSWORD_FILE: path.optional().describe("file with that user's password"),
  NATS_CA_FILE: path
    .optional()
    .describe("authorities that signed nats-server's certificate; the system's if not set"),
  NATS_CERT_FILE: path.optional().describe('client certificate for nats-server'),
  NATS_KEY_FILE: path.optional().describe('key of the client certificate'),
  NATS_INBOX_PREFIX: z
    .string()
    .regex(/^[\w-]+(\.[\w-]+)*$/, 'must be a subject without wildcards, like _INBOX_allocator')
    .optional()
    .describe('prefix of the subjects for answers; `_INBOX` if not set'),
};

export type NatsSettings = z.output<z.ZodObject<typeof natsSettings>>;

/** The address and the login that the settings name. */
export function natsAddressOf(settings: NatsSettings): NatsAddress {
  return {
    servers: settings.NATS_URL,
    login: {
      credsFile: settings.NATS_CREDS_FILE,
      nkeyFile: settings.NATS_NKEY_FILE,
      user: settings.NATS_USER,
      userFile: settings.NATS_USER_FILE,
      passwordFile: settings.NATS_PASSWORD_FILE,
      caFile: settings.NATS_CA_FILE,
      certFile: settings.NATS_CERT_FILE,
      keyFile: settings.NATS_KEY_FILE,
      inboxPrefix: settings.NATS_INBOX_PREFIX,
    },
  };
}
