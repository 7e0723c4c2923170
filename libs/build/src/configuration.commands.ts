import { token } from '#kernel';
import { z } from 'zod';
import {
  checks,
  httpCallback,
  noCallback,
  payloadFile,
  plain,
  version,
  type BuildConfiguration,
  type CallbackMeans,
  type Checks,
} from './configuration.state.js';
import { readTemplate } from './payload-template.js';

/** Sets a build configuration, or removes it (null). */
export interface SetConfiguration {
  readonly type: 'SetConfiguration';
  readonly at: number;
  readonly configuration: BuildConfiguration | null;
  readonly reason: string;
  readonly by: string;
}

/** Largest build configuration: bytes of its JSON in UTF-8. */
const CONFIGURATION_BYTES_MAX = 16_384;

const CHECKS: Checks = { everyMs: 5_000, withinMs: 1_000, failuresMax: 3 };
const NO_CALLBACK: CallbackMeans = { kind: 'none', ready: 'listening' };

const encoder = new TextEncoder();

/**
 * Checks a template only in input: a stored template stays valid, even if this version cannot read
 * it.
 */
function isUnderstood(template: string | null, context: z.RefinementCtx): void {
  const read = template === null ? [] : readTemplate(template);
  if ('code' in read) context.addIssue({ code: 'custom', message: read.message });
}

function isSmallEnough(configuration: unknown, context: z.RefinementCtx): void {
  const bytes = encoder.encode(JSON.stringify(configuration)).length;
  if (bytes <= CONFIGURATION_BYTES_MAX) return;
  const message = `is ${bytes} bytes as JSON, and may be ${CONFIGURATION_BYTES_MAX}: put long values into files of the build`;
  context.addIssue({ code: 'custom', message });
}

/**
 * A build configuration as an operator writes it: `{ executable, arguments }` is enough. A build
 * without a version means the version that is the latest when this is set.
 */
export const buildConfigurationSchema = z
  .strictObject({
    build: z
      .strictObject({ name: token, version: version.optional() })
      .nullable()
      .default(null)
      .describe('pushed files; null if the files are on every machine already'),
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
