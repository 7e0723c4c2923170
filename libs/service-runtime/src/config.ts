import { resolve } from 'node:path';
import { z } from 'zod';

/** The environment does not describe a service that could run; `message` lists all that is wrong. */
export class ConfigInvalid extends Error {
  override readonly name = 'ConfigInvalid';
}

/** Reads a service's settings from the environment, once: parsed, with defaults, frozen. */
export function readConfig<T>(schema: z.ZodType<T>, env: NodeJS.ProcessEnv): Readonly<T> {
  const result = schema.safeParse(withoutEmpty(env));
  if (result.success) return Object.freeze(result.data);
  const problems = result.error.issues.map(
    ({ path, message }) => `  ${path.join('.') || 'environment'}: ${message}`,
  );
  throw new ConfigInvalid(`these settings are wrong or missing:\n${problems.join('\n')}`);
}

/** An empty variable counts as one that is not set, as in shells and compose files. */
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
      "nats-server's addresses; several where it is a cluster; `user:password@` or `token@` before the host",
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
      'port of `/metrics`, `/healthz` and `/readyz`, open to all who reach it; off if not set',
    ),
  BERTH_METRICS_HOST: z.string().default('127.0.0.1').describe('address on which that port is'),
};

/**
 * A list in one variable, comma separated.
 *
 * @param title what its items are called where the setting is described: "networks"
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

/** A number of milliseconds in a variable. */
export const milliseconds = z.coerce.number().int().positive();

export const yesOrNo = z.enum(['true', 'false']).transform((word) => word === 'true');

/** The path of a file or folder, from where the service is started; read as an absolute one. */
export const path = z
  .string()
  .meta({ title: 'path' })
  .transform((text) => resolve(text));
