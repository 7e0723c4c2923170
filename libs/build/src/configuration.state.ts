import { token, type Immutable } from '#kernel';
import { z } from 'zod';

/*
 * The storage format, and the bounds that what operators say has in common with it. Fields may be
 * added, with a default; none is ever renamed or removed. Bounds may be widened, and never narrowed.
 */

const DAY_MS = 86_400_000;

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
export const version = z.int().positive();

const variables = z
  .record(name, line(0, 4_096))
  .refine((words) => Object.keys(words).length <= 128, 'at most 128 variables');

/** How a game that has been given a session is told so: it is called over HTTP. */
export const httpCallback = {
  kind: z.literal('http'),
  /** Begins with a slash. */
  path: line(1, 1_024).startsWith('/').default('/allocate'),
  method: z.enum(['POST', 'PUT', 'GET']).default('POST'),
  /** What the body is: the payload itself, or `{"payload": ..., "token": ...}`. */
  envelope: z.enum(['bare', 'payload']).default('bare'),
  /** What stands where a request has no payload: `{}`, or `null`. */
  emptyPayload: z.enum(['object', 'null']).default('object'),
};

/** It is not called. */
export const noCallback = {
  kind: z.literal('none'),
  /**
   * What makes it ready: that it has bound its port, over TCP or UDP; or, for games that players reach
   * over a relay, that it runs.
   */
  ready: z
    .enum(['listening', 'running'])
    .default('listening')
    .describe('whether a game is ready once it has bound its port, or as soon as it runs'),
};

/** When a game that is queried counts as unwell. */
export const checks = {
  /** Between two queries, in ms. */
  everyMs: z.int().min(100).max(3_600_000).default(5_000),
  /** For the answer to one, in ms. */
  withinMs: z.int().min(10).max(60_000).default(1_000),
  /** Queries without an answer, in a row, that are reported and acted upon. */
  failuresMax: z.int().min(1).max(1_000).default(3),
};

/** A payload written to a file, as GameFabric's sidecar does it. */
export const payloadFile = {
  /** Absolute, or relative to the slot's folder. */
  path: line(1, 1_024),
  /** Permissions, in octal: `0660`. */
  mode: z
    .string()
    .regex(/^0?[0-7]{3}$/, 'must be permissions in octal, as 0660')
    .default('0660'),
  /** What it holds, see `readTemplate`; null: `{"payload": ..., "token": ...}`. */
  template: line(1, 8_192).nullable().default(null),
};

/** All but the build and what is made of objects. Times are in ms. */
export const plain = {
  executable: line(1, 1_024).describe("relative to the build's files, or absolute"),
  /** With placeholders: `{port}`, or `$$port$$` as Multiplay writes it. */
  arguments: z.array(line(0, 4_096)).max(256).default([]),
  workingDirectory: z.enum(['slot', 'build']).default('slot'),
  /** Merged into server.json and into the game's environment. */
  variables: variables.default({}),
  query: z.enum(['none', 'sqp', 'a2s']).default('none'),
  countBots: z
    .boolean()
    .default(false)
    .describe('whether bots that a query tells of count as players'),
  /** Whether the game has to say that it is ready before the request is answered. */
  readiness: z.boolean().default(false),
  /** Variables returned as the game's answer, where it gives none of its own. */
  answerVariables: z.array(name).max(64).default([]),
  stopSignal: z.enum(['SIGTERM', 'SIGINT', 'SIGQUIT']).default('SIGTERM'),
  /** From the stop signal to SIGKILL. */
  stopGraceMs: z.int().min(0).max(3_600_000).default(20_000),
  /** For the callback, where the right process is already running. */
  callbackMs: durationMs.default(5_000),
  /** For the callback, where the process has to be started first. */
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
  /** Crashes of a session that are answered by a restart; one more ends it. */
  restartsMax: z.int().min(0).max(1_000).default(3),
};

/** How a build is run, as it is stored: what a newer version added is passed over. */
export const storedConfiguration = z.object({
  build: z.object({ name: token, version }).nullable(),
  ...plain,
  checks: z.object(checks),
  callback: z.discriminatedUnion('kind', [z.object(httpCallback), z.object(noCallback)]),
  payloadFile: z.object(payloadFile).nullable(),
});
export type BuildConfiguration = Immutable<z.output<typeof storedConfiguration>>;

export type CallbackMeans = BuildConfiguration['callback'];
export type Checks = BuildConfiguration['checks'];
export type PayloadFile = NonNullable<BuildConfiguration['payloadFile']>;

/** A build configuration and those it was before: sessions end on the version they began with. */
export const configurationState = z.object({
  /** 0: none was ever set. Never used twice, not even after a removal. */
  version: z.int().nonnegative(),
  /** Null: there is none, or none any more. */
  configuration: storedConfiguration.nullable(),
  /** The latest versions, this one included, by their number. */
  versions: z.record(z.string(), storedConfiguration),
});
export type ConfigurationState = Immutable<z.output<typeof configurationState>>;
