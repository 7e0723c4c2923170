import {
  readTemplate,
  type BuildConfiguration,
  type CallbackMeans,
  type ConfigurationEvent,
  type ConfigurationState,
} from '#build';
import { z } from 'zod';
import { token } from '../storage/slot.schema.js';

/** Of one build configuration as JSON, in bytes of UTF-8. */
const CONFIGURATION_BYTES_MAX = 16_384;
const DAY_MS = 86_400_000;

const encoder = new TextEncoder();

function line(min: number, max: number) {
  return z
    .string()
    .min(min)
    .max(max)
    .refine((text) => !text.includes('\0'), 'must not hold a NUL character');
}

const name = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_.-]{0,127}$/, 'must be a name of letters, digits, _, . and -');
const durationMs = z.int().min(1).max(DAY_MS);
const version = z.int().positive();

const variables = z
  .record(name, line(0, 4_096))
  .refine((words) => Object.keys(words).length <= 128, 'at most 128 variables');

const httpCallback = {
  kind: z.literal('http'),
  path: line(1, 1_024).startsWith('/').default('/allocate'),
  method: z.enum(['POST', 'PUT', 'GET']).default('POST'),
  envelope: z.enum(['bare', 'payload']).default('bare'),
};
const noCallback = { kind: z.literal('none') };
const NO_CALLBACK: CallbackMeans = { kind: 'none' };

const checks = {
  everyMs: z.int().min(100).max(3_600_000).default(5_000),
  withinMs: z.int().min(10).max(60_000).default(1_000),
  failuresMax: z.int().min(1).max(1_000).default(3),
};
const CHECKS = { everyMs: 5_000, withinMs: 1_000, failuresMax: 3 };

const payloadFile = {
  path: line(1, 1_024),
  mode: z
    .string()
    .regex(/^0?[0-7]{3}$/, 'must be permissions in octal, as 0660')
    .default('0660'),
  template: line(1, 8_192).nullable().default(null),
};

/** At the border only: what was stored once is read for ever, whatever is understood of it. */
function isUnderstood(template: string | null, context: z.RefinementCtx): void {
  const read = template === null ? [] : readTemplate(template);
  if ('code' in read) context.addIssue({ code: 'custom', message: read.message });
}

/** All but the build and what is made of objects. Bounds may be widened, and never narrowed. */
const plain = {
  executable: line(1, 1_024).describe("relative to the build's files, or absolute"),
  arguments: z.array(line(0, 4_096)).max(256).default([]),
  workingDirectory: z.enum(['slot', 'build']).default('slot'),
  variables: variables.default({}),
  query: z.enum(['none', 'sqp', 'a2s']).default('none'),
  countBots: z
    .boolean()
    .default(false)
    .describe('whether bots that a query tells of count as players'),
  readiness: z.boolean().default(false),
  answerVariables: z.array(name).max(64).default([]),
  stopSignal: z.enum(['SIGTERM', 'SIGINT', 'SIGQUIT']).default('SIGTERM'),
  stopGraceMs: z.int().min(0).max(3_600_000).default(20_000),
  callbackMs: durationMs.default(5_000),
  coldStartMs: durationMs.default(30_000),
  idleMs: z
    .int()
    .min(1_000)
    .max(7 * DAY_MS)
    .default(3_600_000),
  sessionMs: z
    .int()
    .min(1_000)
    .max(30 * DAY_MS)
    .nullable()
    .default(null),
  restartsMax: z.int().min(0).max(1_000).default(3),
};

function isSmallEnough(configuration: unknown, context: z.RefinementCtx): void {
  const bytes = encoder.encode(JSON.stringify(configuration)).length;
  if (bytes <= CONFIGURATION_BYTES_MAX) return;
  const message = `is ${bytes} bytes as JSON, and may be ${CONFIGURATION_BYTES_MAX}: put long values into files of the build`;
  context.addIssue({ code: 'custom', message });
}

/**
 * How a build is run, as an operator says it: `{ executable, arguments }` is enough. Where a build
 * is named without a version, its latest is meant at the time when this is set.
 */
export const buildConfigurationSchema = z
  .strictObject({
    build: z
      .strictObject({ name: token, version: version.optional() })
      .nullable()
      .default(null)
      .describe('files that were pushed; null: they are on every machine already'),
    ...plain,
    checks: z.strictObject(checks).default(CHECKS),
    callback: z
      .discriminatedUnion('kind', [z.strictObject(httpCallback), z.strictObject(noCallback)])
      .default(NO_CALLBACK),
    payloadFile: z
      .strictObject({ ...payloadFile, template: payloadFile.template.superRefine(isUnderstood) })
      .nullable()
      .default(null),
  })
  .superRefine(isSmallEnough);
export type BuildConfigurationInput = z.input<typeof buildConfigurationSchema>;
export type BuildConfigurationWanted = z.output<typeof buildConfigurationSchema>;

/*
 * The storage format. As with slots: fields may be added, with a default; none is ever renamed or
 * removed. What a newer version added is passed over.
 */

export const storedConfiguration = z.object({
  build: z.object({ name: token, version }).nullable(),
  ...plain,
  checks: z.object(checks),
  callback: z.discriminatedUnion('kind', [z.object(httpCallback), z.object(noCallback)]),
  payloadFile: z.object(payloadFile).nullable(),
}) satisfies z.ZodType<BuildConfiguration>;

const happened = { at: z.number(), reason: z.string(), by: z.string() };

export const configurationEvent = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('ConfigurationSet'),
    ...happened,
    version,
    configuration: storedConfiguration,
  }),
  z.object({ type: z.literal('ConfigurationRemoved'), ...happened }),
]) satisfies z.ZodType<ConfigurationEvent>;

export const configurationState = z.object({
  version: z.int().nonnegative(),
  configuration: storedConfiguration.nullable(),
  versions: z.record(z.string(), storedConfiguration),
}) satisfies z.ZodType<ConfigurationState>;
