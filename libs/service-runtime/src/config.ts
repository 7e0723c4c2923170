import { z } from 'zod';
import { natsSettings } from './nats-settings.js';

/** The environment does not hold valid settings; `message` lists everything that is wrong. */
export class ConfigInvalid extends Error {
  override readonly name = 'ConfigInvalid';
}

/**
 * Reads a service's settings from the environment: parsed, with defaults, frozen. Throws
 * `ConfigInvalid`.
 */
export function readConfig<T>(schema: z.ZodType<T>, env: NodeJS.ProcessEnv): Readonly<T> {
  const result = schema.safeParse(withoutEmpty(env));
  if (result.success) return Object.freeze(result.data);
  const problems = result.error.issues.map(
    ({ path, message }) => `  ${path.join('.') || 'environment'}: ${message}`,
  );
  throw new ConfigInvalid(`these settings are wrong or missing:\n${problems.join('\n')}`);
}

/** An empty variable counts as not set, as in shells and compose files. */
function withoutEmpty(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => !!entry[1]),
  );
}

/** Settings that every service has. */
export const commonSettings = {
  ...natsSettings,
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace'])
    .default('info')
    .describe('the least severe messages that are logged'),
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .url({ protocol: /^https?$/ })
    .optional()
    .meta({ title: 'URL' })
    .describe('where traces are sent, by OTLP over HTTP; nothing is traced if not set'),
  BERTH_METRICS_PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65_535)
    .optional()
    .describe(
      'port of `/metrics`, `/healthz` and `/readyz`, without access control; off if not set',
    ),
  BERTH_METRICS_HOST: z
    .string()
    .default('127.0.0.1')
    .describe('address that the port for metrics listens on'),
};
