import { describeSettings } from '#service-runtime';
import { agentSettings } from '../../../agent/src/config.js';

/** One setting of the agent, with its name in each place where it can be set. */
export interface Flag {
  /** Its environment variable, such as `BERTH_COLD_START_MS`. */
  readonly setting: string;
  /** Its flag without the dashes, and its key in a settings file, such as `cold-start-ms`. */
  readonly name: string;
  readonly says: string;
  /** The heading in the help text that lists it. */
  readonly group: string;
}

/** The agent's data folder if none is set. */
export const DATA_DEFAULT = '.berth-agent';

/** The setting whose value follows `--` on the command line. */
export const COMMAND = 'BERTH_COMMAND';

/** Headings of the help text. A setting belongs to the first one whose pattern matches. */
const GROUPS: readonly (readonly [heading: string, names: RegExp])[] = [
  ['To log in to NATS:', /^nats-/],
  ['Where it belongs:', /^(nats|region|fleet|projects|agent|machine|data|log-level|on-stop)$/],
  ['Output and queries of the game:', /^(log|query|sdk)-|^query$/],
  ['How long, how often:', /-ms$|^restarts-max$/],
  [
    'Slots:',
    /^(slots|(extra-)?ports|address|extra-addresses|attributes|required-attributes|priority|keep-warm)$/,
  ],
  [
    'What build configurations and games may do:',
    /^(allowed-|secret|runs-any$|game-users$|cgroup$|unenforced-limits$|(memory-mib|cpus|tasks)-max$)/,
  ],
  ['How the game is run:', /./],
];

/** Kinds of values that the help text does not mention. */
const PLAIN = new Set(['text', 'name', 'path']);

/** A flag for every setting of an agent. */
export const flags: readonly Flag[] = describeSettings(agentSettings).map((described) => {
  const { name: setting, value, meaning, byDefault } = described;
  const name = setting === 'NATS_URL' ? 'nats' : nameOf(setting);
  const otherwise = setting === 'BERTH_DATA' ? DATA_DEFAULT : byDefault;
  const form = PLAIN.has(value) ? '' : ` (${value.replaceAll('`', '')})`;
  const says = `${meaning}${form}${otherwise === null ? '' : `; default ${otherwise}`}`;
  const group = GROUPS.find(([, names]) => names.test(name))?.[0] ?? '';
  return { setting, name, says: `${says} [${setting}]`, group };
});

function nameOf(setting: string): string {
  return setting
    .replace(/^BERTH_/, '')
    .toLowerCase()
    .replaceAll('_', '-');
}
