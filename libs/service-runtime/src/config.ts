import { resolve } from 'node:path';
import { z } from 'zod';

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
  NATS_URL: z
    .string()
    .default('nats://127.0.0.1:4222')
    .meta({ title: 'URLs, comma separated' })
    .describe(
      "nats-server's addresses; several for a cluster; `user:password@` or `token@` before the host",
    ),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace'])
    .default('info')
    .describe('the least severe messages that are logged'),
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

/**
 * A list in one variable, comma separated.
 *
 * @param title name of the items in the setting's description, such as "networks"
 */
export function listOf<T>(item: z.ZodType<T>, title: string) {
  const written = z.string().meta({ title: `${title}, comma separated` });
  return written.transform((text, context) => {
    const items = text.split(',').map((part) => item.safeParse(part.trim()));
    for (const { error } of items) {
      if (error) context.addIssue({ code: 'custom', message: error.issues[0]?.message ?? '' });
    }
    return items.flatMap(({ data }) => (data === undefined ? [] : [data]));
  });
}

/** A whole number of milliseconds, above 0. */
export const milliseconds = z.coerce.number().int().positive();

export const yesOrNo = z.enum(['true', 'false']).transform((word) => word === 'true');

/**
 * The path of a file or folder. A relative path starts from the folder that the service is started
 * in; the result is absolute.
 */
export const path = z
  .string()
  .meta({ title: 'path' })
  .transform((text) => resolve(text));
