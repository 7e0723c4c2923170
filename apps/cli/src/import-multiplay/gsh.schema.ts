import { Unparsable } from '#kernel';
import { parse } from '#wire';
import { parseDocument, visit } from 'yaml';
import { z } from 'zod';

const ALIASES_MAX = 100;

/** Such a file has a few KiB; a larger file is something else. */
const LENGTH_MAX = 1_048_576;

/** A mapping that may be present but empty. */
function named<T extends z.ZodType>(schema: T) {
  return z
    .record(z.string().min(1), schema)
    .nullish()
    .transform((entries) => entries ?? {});
}

const whole = z
  .string()
  .regex(/^\d{1,9}$/, 'must be a whole number')
  .transform(Number);
const yesOrNo = z
  .string()
  .regex(/^(true|false|yes|no|on|off)$/i, 'must be true or false')
  .transform((word) => /^(true|yes|on)$/i.test(word));
const optionalText = z.string().nullish();

const build = z.strictObject({
  executableName: z.string().min(1),
  buildPath: z.string().min(1),
  excludePaths: z
    .array(z.string().min(1))
    .nullish()
    .transform((paths) => paths ?? []),
});

const buildConfiguration = z.strictObject({
  build: z.string().min(1),
  queryType: z.preprocess(
    (word) => (typeof word === 'string' ? word.toLowerCase() : word),
    z.enum(['none', 'sqp', 'a2s']).nullish(),
  ),
  binaryPath: optionalText,
  commandLine: optionalText,
  variables: named(z.string().nullable()),
  readiness: yesOrNo.nullish().transform((word) => word ?? false),
  cores: optionalText,
  speedMhz: optionalText,
  memoryMiB: optionalText,
});

const fleet = z.strictObject({
  buildConfigurations: z.array(z.string().min(1)).min(1, 'names no build configuration'),
  regions: named(
    z.strictObject({
      minAvailable: whole.nullish().transform((count) => count ?? 0),
      maxServers: whole,
      online: yesOrNo.nullish().transform((word) => word ?? true),
    }),
  ),
  usageSettings: z
    .array(z.record(z.string(), optionalText))
    .nullish()
    .transform((settings) => settings ?? []),
});

const gsh = z.strictObject({
  version: z.string(),
  builds: named(build),
  buildConfigurations: named(buildConfiguration),
  fleets: named(fleet),
});
export type Gsh = z.output<typeof gsh>;
export type GshBuildConfiguration = z.output<typeof buildConfiguration>;

/**
 * Reads Multiplay's configuration as code, in the format of its Unity package. Also returns the
 * paths of keys that Berth does not know (`fleets.my fleet.tags`). Throws `Unparsable`, with the
 * place of the fault, if the text has another format.
 */
export function gshIn(source: string): { readonly gsh: Gsh; readonly unknown: readonly string[] } {
  const document = documentIn(source);
  const unknown: string[] = [];
  const { error } = gsh.safeParse(document);
  for (const issue of error?.issues ?? []) {
    if (issue.code !== 'unrecognized_keys') continue;
    const within = issue.path.reduce<unknown>(inside, document);
    for (const key of issue.keys) {
      unknown.push([...issue.path, key].join('.'));
      if (isMapping(within)) delete within[key];
    }
  }
  return { gsh: parse(gsh, document), unknown };
}

/** Keeps scalars as they are written: to a game, `1.0` and `007` are texts. */
function documentIn(source: string): unknown {
  if (source.length > LENGTH_MAX) throw new Unparsable(`it has more than ${LENGTH_MAX} characters`);
  const document = parseDocument(source);
  const [error] = document.errors;
  if (error !== undefined) throw new Unparsable(error.message);
  visit(document, {
    Scalar(_, node) {
      if (node.value !== null && typeof node.value !== 'string') node.value = node.source;
    },
  });
  return document.toJS({ maxAliasCount: ALIASES_MAX }) as unknown;
}

function inside(value: unknown, key: PropertyKey): unknown {
  return isMapping(value) ? value[String(key)] : undefined;
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
