import { commonSettings, listOf, milliseconds, path, readConfig, yesOrNo } from '#service-runtime';
import { projectName } from '#slot';
import { playerHost, playerHosts, TOKEN } from '#wire';
import { z } from 'zod';
import { isolationSettings } from './isolation-settings.js';
import { countOfPorts, extraPortsSetting, unknownPorts } from './machine/extra-ports.js';
import { rangeOf } from './range-setting.js';

const name = z
  .string()
  .regex(TOKEN, 'must be 1 to 64 letters, digits, "-" or "_"')
  .meta({ title: 'name' });

const portRange = rangeOf('ports', '7000-7999').refine(
  ({ first, last }) => first >= 1 && first <= last && last <= 65_535,
  'must be two ports from 1 to 65535, the lower one first',
);

const sdkPort = z
  .string()
  .regex(/^\d{1,5}$/, 'must be a port, 0 for any, or "off"')
  .transform(Number)
  .refine((port) => port <= 65_535, 'must be at most 65535');

const arrayText = z.string().meta({ title: 'JSON array of texts' });

const command = arrayText.transform((text, context) => {
  const words = z.array(z.string()).min(1).safeParse(parsed(text));
  if (words.success) return words.data;
  context.addIssue({ code: 'custom', message: 'must be a JSON array of executable and arguments' });
  return z.NEVER;
});

const pairsText = z.string().meta({ title: '`key=value`, comma separated' });

const pairs = pairsText.transform((text, context) => {
  const entries = text.split(',').map((pair) => /^\s*([^=\s]+)=(.*?)\s*$/.exec(pair));
  if (entries.includes(null)) {
    context.addIssue({ code: 'custom', message: 'must be like key=value,key=value' });
  }
  return Object.fromEntries(
    entries.flatMap((entry) => (entry ? [[entry[1], entry[2]]] : [])),
  ) as Record<string, string>;
});

/** Variables that no game ever inherits. */
export const BERTHS_OWN = /^(BERTH_|NATS_)/;

const inherited = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*\*?$/, 'must be names of variables, the last letter may be "*"')
  .refine((name) => !BERTHS_OWN.test(name), 'no game inherits BERTH_ and NATS_ variables');

/** The settings that the agent reads from its environment. */
export const agentSettings = {
  ...commonSettings,
  BERTH_REGION: name.default('local').describe('region that the slots are in'),
  BERTH_FLEET: z.string().max(128).default('default').describe('fleet that the slots belong to'),
  BERTH_AGENT: name
    .optional()
    .describe('name of an agent in a new data folder; the name of the host if not set'),
  BERTH_MACHINE: name
    .optional()
    .describe('exact name that this machine is enrolled under; BERTH_AGENT is given a suffix'),
  BERTH_DATA: path.describe("folder with the agent's name, slots and sessions; keep it"),
  BERTH_SLOTS: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_000)
    .default(1)
    .describe('how many games this machine runs at the same time'),
  BERTH_PORTS: portRange
    .prefault('7000-7999')
    .describe('ports for games, three for each slot and its extra ones'),
  BERTH_EXTRA_PORTS: extraPortsSetting
    .default([])
    .describe('further ports of each slot; with a count, that many ports in a row'),
  BERTH_ADDRESS: playerHost.prefault('127.0.0.1').describe('address that players connect to'),
  BERTH_EXTRA_ADDRESSES: pairs
    .pipe(playerHosts)
    .optional()
    .describe('further addresses for players, by name, such as ipv6 or internal'),
  BERTH_BUILD_CONFIGURATION: z
    .string()
    .max(128)
    .default('default')
    .describe('name of the build configuration that BERTH_COMMAND stands for'),
  BERTH_RUNS_ANY: yesOrNo
    .prefault('true')
    .describe("whether slots run any build configuration of the region, or the agent's own only"),
  BERTH_BUILDS_MAX_BYTES: z.coerce
    .number()
    .int()
    .min(0)
    .default(50_000_000_000)
    .describe(
      'bytes of disk for builds; beyond that, unneeded builds are removed, the longest unused first',
    ),
  BERTH_BUILDS_FETCH_MS: milliseconds
    .default(1_800_000)
    .describe('how long fetching one build may take'),
  BERTH_BUILDS_VERIFY: z
    .enum(['quick', 'full'])
    .default('quick')
    .describe(
      'check of a build at its first use after a start: size and time of its files, or all their bytes',
    ),
  BERTH_COMMAND: command.describe('executable and arguments of the game, with placeholders'),
  BERTH_GAME_ENV: listOf(inherited, 'names')
    .default([])
    .describe('variables that games inherit beside PATH, LANG, LC_*, TZ, TMPDIR and USER'),
  BERTH_ATTRIBUTES: pairs.default({}).describe('attributes of the slots'),
  BERTH_REQUIRED_ATTRIBUTES: listOf(z.string().min(1), 'keys')
    .default([])
    .describe('attributes that a request must name to get one of the slots'),
  BERTH_PROJECTS: listOf(projectName, 'names of projects')
    .optional()
    .describe('projects whose requests may be given the slots; the default project if not set'),
  BERTH_PRIORITY: z.coerce.number().default(0).describe('slots with a lower number are used first'),
  BERTH_KEEP_WARM: yesOrNo
    .prefault('true')
    .describe('whether free slots have a process ready, if their fleet has no size'),
  BERTH_CALLBACK: z
    .enum(['http', 'none'])
    .default('http')
    .describe('how a game learns of its session: by a POST to its callback port, or not at all'),
  BERTH_READY: z
    .enum(['listening', 'running'])
    .default('listening')
    .describe(
      'when a game without a callback is ready: once it has bound its port, or once it runs',
    ),
  BERTH_CALLBACK_PATH: z
    .string()
    .startsWith('/')
    .default('/allocate')
    .describe('path of the callback'),
  BERTH_CALLBACK_ENVELOPE: z
    .enum(['bare', 'payload'])
    .default('bare')
    .describe('whether the body of a callback is the payload, or an object with it as `payload`'),
  BERTH_CALLBACK_EMPTY: z
    .enum(['object', 'null'])
    .default('object')
    .describe('payload of a callback if the request has none: `{}`, or `null`'),
  BERTH_CHECK_LISTENERS: yesOrNo
    .prefault('true')
    .describe(
      "whether only a game, and processes that it has started, may listen on the game's ports",
    ),
  BERTH_CALLBACK_MS: milliseconds
    .default(5_000)
    .describe('how long a running game may take to answer its callback'),
  BERTH_COLD_START_MS: milliseconds
    .default(30_000)
    .describe('how long a game that has to be started may take to answer its callback'),
  BERTH_IDLE_MS: milliseconds
    .default(3_600_000)
    .describe('how long a session may be without players before it is ended'),
  BERTH_SESSION_MS: milliseconds
    .optional()
    .describe('how long a session may last before it is ended; without a limit if not set'),
  BERTH_RESTARTS_MAX: z.coerce
    .number()
    .int()
    .min(0)
    .default(3)
    .describe('how often a game that crashes is started again within one session'),
  BERTH_STOP_GRACE_MS: milliseconds
    .default(20_000)
    .describe('how long a game has between SIGTERM and SIGKILL'),
  BERTH_QUERY: z
    .enum(['none', 'sqp', 'a2s'])
    .default('none')
    .describe('protocol of queries to games, on their query port'),
  BERTH_QUERY_EVERY_MS: milliseconds.default(5_000).describe('time between two queries of a game'),
  BERTH_QUERY_WITHIN_MS: milliseconds
    .default(1_000)
    .describe('how long a game may take to answer a query'),
  BERTH_QUERY_COUNT_BOTS: yesOrNo
    .prefault('false')
    .describe('whether bots in the answer to a query count as players'),
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
    .describe('largest size of a file with output of games, before the next file is begun'),
  BERTH_LOG_FILES_MAX: z.coerce
    .number()
    .int()
    .min(1)
    .max(100)
    .default(4)
    .describe('how many earlier such files are kept for each slot'),
  BERTH_SECRETS_FOLDER: path
    .optional()
    .describe('folder of the files that build configurations may name as secrets'),
  BERTH_SECRET_ENV: listOf(inherited, 'names')
    .default([])
    .describe('variables of its environment that build configurations may name as secrets'),
  BERTH_SDK_HOST: z.string().default('127.0.0.1').describe('address of the SDK daemon'),
  BERTH_SDK_CALLERS: z
    .enum(['own', 'any'])
    .default('own')
    .describe(
      'who may ask the SDK daemon of a slot: the processes of its game, or any program that reaches it',
    ),
  BERTH_SDK_PORT: z
    .union([z.literal('off'), sdkPort])
    .meta({ title: 'port, 0 for any, or `off` for no daemon' })
    .optional()
    .describe('port of the SDK daemon; 8086 if it is free and this is not set'),
  ...isolationSettings,
  BERTH_ON_STOP: z
    .enum(['keep', 'end'])
    .default('keep')
    .describe('whether games keep running when the agent is stopped, or are ended with it'),
};

const PORTS_PER_SLOT = 3;

const environment = z
  .object(agentSettings)
  .refine(
    ({ BERTH_PORTS: { first, last }, BERTH_SLOTS, BERTH_EXTRA_PORTS }) =>
      last - first + 1 >= BERTH_SLOTS * (PORTS_PER_SLOT + countOfPorts(BERTH_EXTRA_PORTS)),
    {
      path: ['BERTH_PORTS'],
      message: `must have ${PORTS_PER_SLOT} ports for each slot, and its extra ports`,
    },
  )
  .superRefine(({ BERTH_COMMAND, BERTH_EXTRA_PORTS }, context) => {
    const unknown = unknownPorts(BERTH_COMMAND, BERTH_EXTRA_PORTS);
    if (unknown.length === 0) return;
    const message = `names ${unknown.join(', ')}, which BERTH_EXTRA_PORTS does not name`;
    context.addIssue({ code: 'custom', path: ['BERTH_COMMAND'], message });
  });

export type AgentConfig = z.output<typeof environment>;

/** Throws `ConfigInvalid` with everything that is wrong. */
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
