import type { z } from 'zod';
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
  ['Slots:', /^(slots|ports|address|attributes|required-attributes|priority|keep-warm)$/],
  ['How the game is run:', /./],
];

/** Every setting that an agent has. */
export const flags: readonly Flag[] = Object.entries(agentSettings).map(([setting, schema]) => {
  const name = setting === 'NATS_URL' ? 'nats' : nameOf(setting);
  const group = GROUPS.find(([, names]) => names.test(name))?.[0] ?? '';
  return { setting, name, says: `${description(schema)} [${setting}]`, group };
});

function nameOf(setting: string): string {
  return setting
    .replace(/^BERTH_/, '')
    .toLowerCase()
    .replaceAll('_', '-');
}

function description(schema: z.ZodType): string {
  const says = schema.description ?? '';
  if (schema === agentSettings.BERTH_DATA) return `${says}; default ${DATA_DEFAULT}`;
  const { success, data } = schema.safeParse(undefined);
  return success && data !== undefined && says !== '' ? `${says}; ${plain(data)}` : says;
}

/** A default, as it would be typed. */
function plain(value: unknown): string {
  if (typeof value !== 'object' || value === null) return `default ${String(value)}`;
  if ('first' in value && 'last' in value)
    return `default ${String(value.first)}-${String(value.last)}`;
  return 'none by default';
}
