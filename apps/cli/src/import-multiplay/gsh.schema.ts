import { Unparsable, errorMessage } from '#kernel';
import { parse } from '#wire';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';

const ALIASES_MAX = 100;

/** A mapping that may be written and left empty. */
function named<T extends z.ZodType>(schema: T) {
  return z
    .record(z.string().min(1), schema)
    .nullish()
    .transform((entries) => entries ?? {});
}

const text = z.union([z.string(), z.number(), z.boolean()]).transform(String);

const build = z.object({ executableName: z.string().min(1), buildPath: z.string().min(1) });

const buildConfiguration = z.object({
  build: z.string().min(1),
  queryType: z.enum(['none', 'sqp', 'a2s']).nullish(),
  binaryPath: z.string().nullish(),
  commandLine: z.string().nullish(),
  variables: named(text),
  readiness: z.boolean().default(false),
  cores: z.number().nullish(),
  speedMhz: z.number().nullish(),
  memoryMiB: z.number().nullish(),
});

const fleet = z.object({
  buildConfigurations: z.array(z.string().min(1)).min(1, 'names no build configuration'),
  regions: named(
    z.object({
      minAvailable: z.int().nonnegative().default(0),
      maxServers: z.int().nonnegative(),
      online: z.boolean().default(true),
    }),
  ),
});

/** Multiplay's configuration as code, as its Unity package reads it; what else is in it, is left. */
const gsh = z.object({
  version: z.union([z.string(), z.number()]),
  builds: named(build),
  buildConfigurations: named(buildConfiguration),
  fleets: named(fleet),
});
export type Gsh = z.output<typeof gsh>;
export type GshBuildConfiguration = z.output<typeof buildConfiguration>;

/** Throws `Unparsable` saying where the text is no such file. */
export function gshIn(source: string): Gsh {
  let document: unknown;
  try {
    document = parseYaml(source, { maxAliasCount: ALIASES_MAX });
  } catch (error) {
    throw new Unparsable(errorMessage(error));
  }
  return parse(gsh, document);
}
