import type { CallbackMeans } from '#build';
import { readdir } from 'node:fs/promises';
import { BERTHS_OWN, type AgentConfig } from './config.js';
import type { GameLimits } from './process/game-cgroup.js';
import type { GameSettings } from './slot/game-settings.js';

/**
 * Variables that each game inherits from the agent's environment. A name that ends in `*` matches
 * every name that begins so.
 */
const INHERITED = ['PATH', 'LANG', 'LANGUAGE', 'LC_*', 'TZ'];

/** Variables that are about the user: a game that runs as another one does not inherit them. */
const OF_USER = ['TMPDIR', 'USER', 'LOGNAME'];

const inheritedBy = ({ BERTH_GAME_USERS: users }: AgentConfig) =>
  users === undefined ? [...INHERITED, ...OF_USER] : INHERITED;

/** @param unlimitedBecause why games have no limits on this machine; null if they have */
export function gameSettings(
  config: AgentConfig,
  env: NodeJS.ProcessEnv,
  unlimitedBecause: string | null = null,
): GameSettings {
  return {
    fleet: config.BERTH_FLEET,
    buildConfiguration: config.BERTH_BUILD_CONFIGURATION,
    command: config.BERTH_COMMAND,
    environment: inherited([...inheritedBy(config), ...config.BERTH_GAME_ENV], env),
    secrets: {
      folder: config.BERTH_SECRETS_FOLDER,
      environment: inherited(config.BERTH_SECRET_ENV, env),
    },
    attributes: config.BERTH_ATTRIBUTES,
    requiredAttributes: config.BERTH_REQUIRED_ATTRIBUTES,
    priority: config.BERTH_PRIORITY,
    ip: config.BERTH_ADDRESS,
    ...(config.BERTH_EXTRA_ADDRESSES && { addresses: config.BERTH_EXTRA_ADDRESSES }),
    ...(config.BERTH_PROJECTS?.length && { projects: config.BERTH_PROJECTS }),
    limits: {
      callbackMs: config.BERTH_CALLBACK_MS,
      coldStartMs: config.BERTH_COLD_START_MS,
      idleMs: config.BERTH_IDLE_MS,
      sessionMs: config.BERTH_SESSION_MS ?? null,
      restartsMax: config.BERTH_RESTARTS_MAX,
    },
    gameLimits: limitsOf(config),
    keepWarm: config.BERTH_KEEP_WARM,
    stopGraceMs: config.BERTH_STOP_GRACE_MS,
    callback: callbackOf(config),
    runsAny: config.BERTH_RUNS_ANY,
    allowed: {
      own: config.BERTH_COMMAND[0] ?? '',
      executables: config.BERTH_ALLOWED_EXECUTABLES,
      folders: config.BERTH_ALLOWED_FOLDERS,
      mode: config.BERTH_ALLOWED_MODE,
      unlimitedBecause,
    },
    query: config.BERTH_QUERY,
    countBots: config.BERTH_QUERY_COUNT_BOTS,
    checks: {
      everyMs: config.BERTH_QUERY_EVERY_MS,
      withinMs: config.BERTH_QUERY_WITHIN_MS,
      failuresMax: config.BERTH_QUERY_FAILURES_MAX,
    },
  };
}

/**
 * Never includes Berth's own settings or the address of NATS (`BERTHS_OWN`), even if `names` lists
 * them.
 */
function inherited(names: readonly string[], env: NodeJS.ProcessEnv): Record<string, string> {
  const isListed = (name: string) =>
    names.some((listed) =>
      listed.endsWith('*') ? name.startsWith(listed.slice(0, -1)) : name === listed,
    );
  const handedOn = Object.entries(env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && isListed(entry[0]) && !BERTHS_OWN.test(entry[0]),
  );
  return Object.fromEntries(handedOn);
}

function limitsOf(config: AgentConfig): GameLimits {
  const { BERTH_MEMORY_MIB_MAX: memoryMiBMax, BERTH_CPUS_MAX: cpusMax } = config;
  const { BERTH_TASKS_MAX: tasksMax } = config;
  return {
    ...(memoryMiBMax !== undefined && { memoryMiBMax }),
    ...(cpusMax !== undefined && { cpusMax }),
    ...(tasksMax !== undefined && { tasksMax }),
  };
}

function callbackOf(config: AgentConfig): CallbackMeans {
  if (config.BERTH_CALLBACK === 'none') return { kind: 'none', ready: config.BERTH_READY };
  const { BERTH_CALLBACK_PATH: path, BERTH_CALLBACK_ENVELOPE: envelope } = config;
  const emptyPayload = config.BERTH_CALLBACK_EMPTY;
  return { kind: 'http', path, method: 'POST', envelope, emptyPayload };
}

/**
 * The slots "1" to `count`, and the slots with higher numbers that have a folder already. Those
 * were created under a higher `count`: the log still offers them, so the agent serves them until
 * they are retired.
 */
export async function slotNames(dataFolder: string, count: number): Promise<readonly string[]> {
  const kept = (await readdir(dataFolder)).filter((name) => /^[1-9]\d{0,5}$/.test(name));
  const asked = Array.from({ length: count }, (_, index) => String(index + 1));
  return [...new Set([...asked, ...kept])].sort((one, other) => Number(one) - Number(other));
}
