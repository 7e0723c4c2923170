import { describeSettings } from '#service-runtime';
import { agentSettings } from '../../../agent/src/config.js';

/** One setting of the agent, as it is called in each place where it may be said. */
export interface Flag {
  /** In the environment: `BERTH_COLD_START_MS`. */
  readonly setting: string;
  /** On the command line, without its dashes, and in a file: `cold-start-ms`. */
  readonly name: string;
  readonly says: string;
  /** The heading that it stands under in the help. */
  readonly group: string;
}

/** Where an agent keeps itself, if nobody says otherwise. */
export const DATA_DEFAULT = '.berth-agent';

/** The command is what follows `--`. */
export const COMMAND = 'BERTH_COMMAND';

/** The first whose pattern fits. */
const GROUPS: readonly (readonly [heading: string, names: RegExp])[] = [
  ['Where it belongs:', /^(nats|region|fleet|agent|data|log-level|on-stop)$/],
  ['What the game writes and says:', /^(log|query|sdk)-|^query$/],
  ['How long, how often:', /-ms$|^restarts-max$/],
  [
    'Slots:',
    /^(slots|(extra-)?ports|address|extra-addresses|attributes|required-attributes|priority|keep-warm)$/,
  ],
  ['How the game is run:', /./],
];

/** Values of which there is nothing to say. */
const PLAIN = new Set(['text', 'name', 'path']);

/** Every setting that an agent has. */
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
