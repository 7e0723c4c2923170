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
    .describe('servers to connect to, comma separated'),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace'])
    .default('info')
    .describe('what is logged: fatal, error, warn, info, debug or trace'),
};

/** A list in one variable, comma separated. */
export function listOf<T>(item: z.ZodType<T>) {
  return z.string().transform((text, context) => {
    const items = text.split(',').map((part) => item.safeParse(part.trim()));
    for (const { error } of items) {
      if (error) context.addIssue({ code: 'custom', message: error.issues[0]?.message ?? '' });
    }
    return items.flatMap(({ data }) => (data === undefined ? [] : [data]));
  });
}

/** A number of milliseconds in a variable. */
export const milliseconds = z.coerce.number().int().positive();
