import { commonSettings, listOf, milliseconds, readConfig } from '#service-runtime';
import { TOKEN } from '#wire';
import { resolve } from 'node:path';
import { z } from 'zod';

const token = z.string().regex(TOKEN, 'must be 1 to 64 letters, digits, "-" or "_"');
const yesOrNo = z.enum(['true', 'false']).transform((word) => word === 'true');

const portRange = z
  .string()
  .regex(/^\d{1,5}-\d{1,5}$/, 'must be a range like 7000-7999')
  .transform((text) => text.split('-').map(Number) as [number, number])
  .refine(([first, last]) => first >= 1 && first <= last && last <= 65_535, 'is no range of ports')
  .transform(([first, last]) => ({ first, last }));

const sdkPort = z
  .string()
  .regex(/^\d{1,5}$/, 'must be a port, 0 for any, or "off"')
  .transform(Number)
  .refine((port) => port <= 65_535, 'must be at most 65535');

const command = z.string().transform((text, context) => {
  const words = z.array(z.string()).min(1).safeParse(parsed(text));
  if (words.success) return words.data;
  context.addIssue({ code: 'custom', message: 'must be a JSON array of executable and arguments' });
  return z.NEVER;
});

const pairs = z.string().transform((text, context) => {
  const entries = text.split(',').map((pair) => /^\s*([^=\s]+)=(.*?)\s*$/.exec(pair));
  if (entries.includes(null)) {
    context.addIssue({ code: 'custom', message: 'must be like key=value,key=value' });
  }
  return Object.fromEntries(
    entries.flatMap((entry) => (entry ? [[entry[1], entry[2]]] : [])),
  ) as Record<string, string>;
});

/** Variables that no game inherits. */
export const BERTHS_OWN = /^(BERTH_|NATS_)/;

const inherited = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*\*?$/, 'must be names of variables, the last letter may be "*"')
  .refine((name) => !BERTHS_OWN.test(name), 'no game inherits BERTH_ and NATS_ variables');

/** The agent's environment. */
export const agentSettings = {
  ...commonSettings,
  BERTH_REGION: token.default('local').describe('region whose log the slots are in'),
  BERTH_FLEET: z.string().max(128).default('default').describe('fleet the slots belong to'),
  BERTH_AGENT: token.optional().describe('name of a new agent; the host name if not set'),
  BERTH_DATA: z
    .string()
    .transform((path) => resolve(path))
    .describe('folder that is the agent'),
  BERTH_SLOTS: z.coerce.number().int().min(1).max(1_000).default(1).describe('number of slots'),
  BERTH_PORTS: portRange.default({ first: 7_000, last: 7_999 }).describe('ports for games'),
  BERTH_ADDRESS: z.string().default('127.0.0.1').describe('address that players are told'),
  BERTH_BUILD_CONFIGURATION: z.string().max(128).default('default').describe('what is run'),
  BERTH_RUNS_ANY: yesOrNo
    .default(true)
    .describe("whether slots run any build configuration of the region, or the agent's own only"),
  BERTH_BUILDS_MAX_BYTES: z.coerce
    .number()
    .int()
    .min(0)
    .default(50_000_000_000)
    .describe('disk for builds; beyond it those go that no slot needs, the longest unused first'),
  BERTH_BUILDS_FETCH_MS: milliseconds
    .default(1_800_000)
    .describe('how long the fetching of one build may take'),
  BERTH_BUILDS_VERIFY: z
    .enum(['quick', 'full'])
    .default('quick')
    .describe('whether builds are looked at, or read wholly, before their first use after a start'),
  BERTH_COMMAND: command.describe('JSON array of executable and arguments, with placeholders'),
  BERTH_GAME_ENV: listOf(inherited)
    .default([])
    .describe('variables that games inherit beside PATH, LANG, LC_*, TZ, TMPDIR and USER'),
  BERTH_ATTRIBUTES: pairs.default({}).describe('attributes of the slots, key=value,...'),
  BERTH_REQUIRED_ATTRIBUTES: listOf(z.string().min(1))
    .default([])
    .describe('attributes that a request must name, comma separated'),
  BERTH_PRIORITY: z.coerce.number().default(0).describe('slots with a lower one are taken first'),
  BERTH_KEEP_WARM: yesOrNo
    .default(true)
    .describe('whether free slots have a process ready, where their fleet has no size'),
  BERTH_CALLBACK: z.enum(['http', 'none']).default('http').describe('how games are called back'),
  BERTH_CALLBACK_PATH: z
    .string()
    .startsWith('/')
    .default('/allocate')
    .describe('where games hear their callback'),
  BERTH_CALLBACK_ENVELOPE: z
    .enum(['bare', 'payload'])
    .default('bare')
    .describe('whether the body is the payload, or an object with it as "payload"'),
  BERTH_CALLBACK_MS: milliseconds.default(5_000).describe('time for a running game to answer'),
  BERTH_COLD_START_MS: milliseconds.default(30_000).describe('the same with its start'),
  BERTH_IDLE_MS: milliseconds.default(3_600_000).describe('how long a session may lack players'),
  BERTH_SESSION_MS: milliseconds
    .optional()
    .describe('how long a session may last; no limit if not set'),
  BERTH_RESTARTS_MAX: z.coerce.number().int().min(0).default(3).describe('crashes survived'),
  BERTH_STOP_GRACE_MS: milliseconds.default(20_000).describe('from SIGTERM to SIGKILL'),
  BERTH_QUERY: z
    .enum(['none', 'sqp', 'a2s'])
    .default('none')
    .describe('how games are asked who plays, on their query port'),
  BERTH_QUERY_EVERY_MS: milliseconds.default(5_000).describe('between two queries of a game'),
  BERTH_QUERY_WITHIN_MS: milliseconds.default(1_000).describe('time for a game to answer one'),
  BERTH_QUERY_COUNT_BOTS: yesOrNo
    .default(false)
    .describe('whether bots that a query tells of count as players'),
  BERTH_QUERY_FAILURES_MAX: z.coerce
    .number()
    .int()
    .min(1)
    .default(3)
    .describe('queries in a row without an answer, after which a game counts as crashed'),
  BERTH_LOG_BYTES_MAX: z.coerce
    .number()
    .int()
    .min(1_024)
    .default(8_388_608)
    .describe('size of a file with what games write, before the next one is begun'),
  BERTH_LOG_FILES_MAX: z.coerce
    .number()
    .int()
    .min(1)
    .max(100)
    .default(4)
    .describe('earlier such files that are kept for each slot'),
  BERTH_SDK_HOST: z
    .string()
    .default('127.0.0.1')
    .describe('address of the SDK daemon; whoever reaches it may speak for any game here'),
  BERTH_SDK_PORT: z
    .union([z.literal('off'), sdkPort])
    .optional()
    .describe('port of the SDK daemon, 0 for any, "off" for none; 8086 if free and not set'),
  BERTH_ON_STOP: z
    .enum(['keep', 'end'])
    .default('keep')
    .describe('whether games outlive an agent that is told to stop'),
};

const PORTS_PER_SLOT = 3;

const environment = z
  .object(agentSettings)
  .refine(
    ({ BERTH_PORTS: { first, last }, BERTH_SLOTS }) =>
      last - first + 1 >= BERTH_SLOTS * PORTS_PER_SLOT,
    { path: ['BERTH_PORTS'], message: `must hold ${PORTS_PER_SLOT} ports for each slot` },
  );

export type AgentConfig = z.output<typeof environment>;

/** Throws `ConfigInvalid` with all that is wrong. */
export function readAgentConfig(env: NodeJS.ProcessEnv): AgentConfig {
  return readConfig(environment, env);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
