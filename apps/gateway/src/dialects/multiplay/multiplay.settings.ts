import { isGuid } from '#multiplay';
import { PUBLISHED_WAIT_MS, token } from '#wire';
import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** Old ids, each with the name in Berth. */
const aliases = z.strictObject({
  regions: names(z.string().refine(isGuid, 'must be a GUID')),
  fleets: names(z.string().refine(isGuid, 'must be a GUID')),
  buildConfigurations: names(z.string().regex(/^\d{1,15}$/, 'must be a number')),
});
export type Aliases = z.output<typeof aliases>;

function names(id: z.ZodType<string, string>) {
  return z.record(id, z.string().min(1).max(128)).default({});
}

const NO_ALIASES: Aliases = { regions: {}, fleets: {}, buildConfigurations: {} };

/** The settings for Multiplay's clients. */
export const multiplaySettings = {
  MULTIPLAY_IDS: z
    .string()
    .meta({ title: 'path' })
    .transform(aliasesIn)
    .default(NO_ALIASES)
    .describe('JSON file that maps ids of regions, fleets and build configurations to names'),
  MULTIPLAY_REGION: token
    .meta({ title: 'name' })
    .optional()
    .describe('region of Multiplay allocations that name none; not needed if there is only one'),
  MULTIPLAY_POOL_TIMEOUT_S: z.coerce
    .number()
    .int()
    .min(3)
    .max(PUBLISHED_WAIT_MS.max / 1_000)
    .default(90)
    .describe('time after which the matchmaker gives up a ticket: `timeoutSeconds` of its pools'),
  MULTIPLAY_WAIT_MS: z.coerce
    .number()
    .int()
    .min(0)
    .max(PUBLISHED_WAIT_MS.max)
    .optional()
    .describe("how long a Multiplay allocation may wait; a third of the pool's time, if not set"),
  /** The vendor's documents say 30 KB in one place and 10 kb in another. */
  MULTIPLAY_PAYLOAD_BYTES: z.coerce
    .number()
    .int()
    .min(0)
    .max(200_000)
    .default(30 * 1_024)
    .describe('longest payload of a Multiplay allocation, as UTF-8; a longer one is answered 400'),
  /** The vendor never published which of the two statuses its allocations are answered with. */
  MULTIPLAY_CREATED_STATUS: z
    .enum(['200', '202'])
    .transform(Number)
    .prefault('202')
    .describe('HTTP status that accepts a Multiplay allocation'),
};

/**
 * How long an allocation may wait for a server (ms). A ticket's time also runs while players are
 * being matched; and once there is a server, it still has to start and answer its callback.
 */
export function waitMsOf(config: {
  readonly MULTIPLAY_POOL_TIMEOUT_S: number;
  readonly MULTIPLAY_WAIT_MS?: number | undefined;
}): number {
  return config.MULTIPLAY_WAIT_MS ?? Math.floor(config.MULTIPLAY_POOL_TIMEOUT_S / 3) * 1_000;
}

/**
 * Reads the file while the settings are read, so that a bad file is reported with all other errors
 * at start.
 */
function aliasesIn(path: string, context: z.RefinementCtx): Aliases {
  const wrong = (message: string) => {
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  };
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return wrong(`the file ${path} cannot be read`);
  }
  try {
    const { data, error } = aliases.safeParse(JSON.parse(text));
    if (data !== undefined) return data;
    const [issue] = error.issues;
    return wrong(`${path}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
  } catch {
    return wrong(`${path} is not JSON`);
  }
}
