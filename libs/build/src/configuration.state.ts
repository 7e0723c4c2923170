import { token, type Immutable } from '#kernel';
import { z } from 'zod';

/*
 * The storage format, and limits that apply to operators' input as well. Fields may be added, with
 * a default; no field is ever renamed or removed. Limits may be widened, never narrowed.
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

/** Where a machine has a secret: the secret itself is never stored. */
const secretPlace = z.discriminatedUnion('from', [
  z.strictObject({
    from: z.literal('file'),
    /** Its name in the machine's folder of secrets. */
    name: z
      .string()
      .regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/, 'must be the name of a file, without folders'),
  }),
  z.strictObject({
    from: z.literal('env'),
    /** A variable of the agent's environment that the machine's settings list. */
    name,
  }),
]);
export type SecretPlace = z.output<typeof secretPlace>;

/** A game that is called over HTTP when it gets a session. */
export const httpCallback = {
  kind: z.literal('http'),
  /** Begins with a slash. */
  path: line(1, 1_024).startsWith('/').default('/allocate'),
  method: z.enum(['POST', 'PUT', 'GET']).default('POST'),
  /** The body: the payload itself, or `{"payload": ..., "token": ...}`. */
  envelope: z.enum(['bare', 'payload']).default('bare'),
  /** The payload of a request that has none: `{}`, or `null`. */
  emptyPayload: z.enum(['object', 'null']).default('object'),
};

/** A game that is not called. */
export const noCallback = {
  kind: z.literal('none'),
  /**
   * When the game is ready: once it has bound its port, over TCP or UDP; or, for games that players
   * reach over a relay, once it runs.
   */
  ready: z
    .enum(['listening', 'running'])
    .default('listening')
    .describe('whether a game is ready once it has bound its port, or as soon as it runs'),
};

/** When a game that is queried counts as unhealthy. */
export const checks = {
  /** Time between two queries, in ms. */
  everyMs: z.int().min(100).max(3_600_000).default(5_000),
  /** Time for the answer to one query, in ms. */
  withinMs: z.int().min(10).max(60_000).default(1_000),
  /** After this many queries in a row without an answer the game counts as failed. */
  failuresMax: z.int().min(1).max(1_000).default(3),
};

/** A file that the payload is written to, as GameFabric's sidecar does it. */
export const payloadFile = {
  /** Absolute, or relative to the slot's folder. */
  path: line(1, 1_024),
  /** Permissions, in octal: `0660`. */
  mode: z
    .string()
    .regex(/^0?[0-7]{3}$/, 'must be permissions in octal, as 0660')
    .default('0660'),
  /** Its content, see `readTemplate`; null for `{"payload": ..., "token": ...}`. */
  template: line(1, 8_192).nullable().default(null),
};

/**
 * The properties of a build configuration that are not objects, without the build. Times are in ms.
 */
export const plain = {
  executable: line(1, 1_024).describe("relative to the build's files, or absolute"),
  /** With placeholders: `{port}`, or `$$port$$` as Multiplay writes it. */
  arguments: z.array(line(0, 4_096)).max(256).default([]),
  workingDirectory: z.enum(['slot', 'build']).default('slot'),
  /** Merged into server.json and into the game's environment. */
  variables: variables.default({}),
  /**
   * Variables of the game's environment alone whose values each machine has itself: they are in no
   * event, no answer and no server.json. Missing if there are none, as allocators of version 0.2 refuse it.
   */
  secrets: z
    .record(name, secretPlace)
    .refine((places) => Object.keys(places).length <= 64, 'at most 64 secrets')
    .exactOptional(),
  query: z.enum(['none', 'sqp', 'a2s']).default('none'),
  countBots: z
    .boolean()
    .default(false)
    .describe('whether bots in the answer to a query count as players'),
  /** Whether a request is answered only after the game has said that it is ready. */
  readiness: z.boolean().default(false),
  /** Variables that are returned as the game's answer if the game gives none itself. */
  answerVariables: z.array(name).max(64).default([]),
  stopSignal: z.enum(['SIGTERM', 'SIGINT', 'SIGQUIT']).default('SIGTERM'),
  /** Time from the stop signal to SIGKILL. */
  stopGraceMs: z.int().min(0).max(3_600_000).default(20_000),
  /** Time for the callback if the right process is already running. */
  callbackMs: durationMs.default(5_000),
  /** Time for the callback if the process must be started first. */
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
  memoryMiBMax: z
    .int()
    .min(1)
    .max(16_777_216)
    .exactOptional()
    .describe(
      'memory of a game, in MiB; if it needs more, it is killed; without a limit if missing',
    ),
  cpusMax: z
    .number()
    .min(0.01)
    .max(4_096)
    .exactOptional()
    .describe('processors of a game, such as 1.5; without a limit if missing'),
  tasksMax: z
    .int()
    .min(1)
    .max(4_194_304)
    .exactOptional()
    .describe('processes and threads of a game; without a limit if missing'),
  /** How many crashes of a session lead to a restart; one more ends the session. */
  restartsMax: z.int().min(0).max(1_000).default(3),
};

/** A build configuration as it is stored. Fields that a newer version added are ignored. */
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

/**
 * A build configuration with its latest versions: a session keeps the version that it began with.
 */
export const configurationState = z.object({
  /**
   * Number of the latest version; 0 if none was ever set. A number is never used twice, not even
   * after a removal.
   */
  version: z.int().nonnegative(),
  /** Null if there is none now. */
  configuration: storedConfiguration.nullable(),
  /** The latest versions, by number; includes the current one. */
  versions: z.record(z.string(), storedConfiguration),
});
export type ConfigurationState = Immutable<z.output<typeof configurationState>>;
