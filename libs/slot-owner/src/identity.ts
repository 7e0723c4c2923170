import { TransientError, type Random } from '#kernel';
import { TOKEN } from '#wire';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { readJson, writeWhole } from './files.js';

const identity = z.object({
  region: z.string(),
  agent: z.string().regex(TOKEN),
  /** When the agent that wrote this started (epoch ms). */
  incarnation: z.number(),
});

/**
 * The identity of a data folder's owner. Slots are never reused, so a new folder is a new agent.
 */
export type Identity = z.output<typeof identity>;

const NAME_LENGTH_MAX = 48;
const SUFFIX_LENGTH = 6;

/**
 * Returns the identity that the folder keeps, with a higher incarnation; in a new folder, an
 * identity with a new name. Throws `TransientError` if the folder belongs to another region or machine.
 *
 * @param wanted its `machine` is an exact name; its `name` gets a suffix, for it need not be unique
 */
export function identify(
  dataFolder: string,
  wanted: {
    readonly region: string;
    readonly name: string | undefined;
    readonly machine?: string | undefined;
  },
  now: number,
  random: Random,
): Identity {
  const path = join(dataFolder, 'agent.json');
  const kept = readJson(path, identity);
  if (kept !== null && kept.region !== wanted.region) {
    throw new TransientError(`the data folder ${dataFolder} belongs to region ${kept.region}`);
  }
  const { machine } = wanted;
  if (kept !== null && machine !== undefined && kept.agent !== machine) {
    throw new TransientError(
      `the data folder ${dataFolder} belongs to ${kept.agent}, and this is to be ${machine}`,
    );
  }
  const next: Identity = {
    region: wanted.region,
    agent: kept?.agent ?? machine ?? newName(wanted.name ?? hostname(), random),
    incarnation: Math.max(now, (kept?.incarnation ?? 0) + 1),
  };
  writeWhole(path, JSON.stringify(next));
  return next;
}

function newName(base: string, random: Random): string {
  const name = base.replace(/[^A-Za-z0-9_-]+/g, '-').slice(0, NAME_LENGTH_MAX);
  const suffix = random.id().replaceAll('-', '').slice(0, SUFFIX_LENGTH);
  return `${name}-${suffix}`;
}
