import { actionsAnswer } from '#http-api';
import { Command, InvalidArgumentError } from 'commander';
import type { z } from 'zod';
import { apiOf, onApi, show, type CommonOptions, type Print } from '../operate/common-options.js';
import { queryOf } from '../operate/query.js';
import { table } from '../operate/table.js';
import { complain } from '../terminal.js';
import { ONE_FACE } from './allocations.command.js';
import { INSTANT_HELP, instantOf, instantText } from './instant.js';

type Page = z.output<typeof actionsAnswer>;
type Changes = NonNullable<Page['changes']>;

interface ActionsOptions extends CommonOptions {
  readonly region: string;
  readonly project?: string;
  readonly face?: string;
  readonly since?: number;
  readonly until?: number;
  readonly limit: number;
  readonly after?: string;
}

/** Between two words of how far the reading has come (ms). */
const PROGRESS_MS = 2_000;
const LIMIT = { default: 100, max: 1_000 } as const;

/** `berth audit actions`: what was done to slots and settings, by whom, and why. */
export function actionsCommand(print: Print): Command {
  return listing(new Command('actions'))
    .description(
      'list what was done because somebody asked: to slots, fleets, builds and machines; by whom, and why',
    )
    .action((options: ActionsOptions) => list(print, options, {}));
}

/** `berth audit who`: the same of one access token, requests for servers included. */
export function whoCommand(print: Print): Command {
  return listing(new Command('who'))
    .argument('<token>', 'the name of an access token')
    .description('list what was asked for with an access token, and why')
    .action((by: string, options: ActionsOptions) => list(print, options, { by, requests: 'all' }));
}

function listing(command: Command): Command {
  return onApi(command)
    .requiredOption('--region <name>', 'of this region')
    .option('--project <name>', 'only those asked for with a token of this project')
    .option('--face <api>', ONE_FACE)
    .option('--since <time>', `only from then on: ${INSTANT_HELP}`, (text) => instantOf(text))
    .option('--until <time>', 'only before then', (text) => instantOf(text))
    .option('--limit <count>', 'how many to list at most', limit, LIMIT.default)
    .option('--after <place>', 'only those behind this one');
}

/** Reads pages until there are enough; each page reads a limited part of the history. */
async function list(print: Print, options: ActionsOptions, of: Readonly<Record<string, string>>) {
  const actions: Page['actions'] = [];
  const changes: Changes = [];
  let next = options.after;
  let isAllRead = true;
  let toldAt = Date.now();
  const left = () => options.limit - actions.length - changes.length;
  do {
    const { region, project, face, since, until } = options;
    const rest = { limit: left(), after: next };
    const query = queryOf({ region, project, face, since, until, ...of, ...rest });
    const page = await apiOf(options).get(`/v1/audit/actions?${query}`, actionsAnswer);
    actions.push(...page.actions);
    changes.push(...(page.changes ?? []));
    if (page.changes === null) isAllRead = false;
    ({ next } = page);
    if (next !== undefined && page.readTo !== null && Date.now() - toldAt > PROGRESS_MS) {
      toldAt = Date.now();
      complain(`read up to ${instantText(page.readTo)}`);
    }
  } while (next !== undefined && left() > 0);
  if (!isAllRead) complain(NOT_READ);
  const shown = { actions, changes: isAllRead ? changes : null };
  show(print, options, { ...shown, ...(next !== undefined && { next }) }, textOf);
}

const NOT_READ =
  'changes of fleets, builds and policies are missing: permissions on NATS do not let the gateway ' +
  'read them; write its files again with `berth nats config`';

function textOf({ actions, changes, next }: Pick<Page, 'actions' | 'changes' | 'next'>): string {
  const done = actions.map(({ at, by, event, slot, allocationId = '', reason = '' }) => ({
    ...{ at, row: [instantText(at), by, event, slot, allocationId, reason] },
  }));
  const set = (changes ?? []).map((change) => ({ at: change.at, row: changeRow(change) }));
  const rows = [...done, ...set].sort((one, other) => one.at - other.at).map(({ row }) => row);
  const more = next === undefined ? '' : `\nmore: --after ${next}`;
  return table(['at', 'by', 'event', 'of', 'allocation', 'why'], rows) + more;
}

function changeRow(change: Changes[number]): string[] {
  const { at, by, event, setting, id, reason } = change;
  return [instantText(at), by, `${event}${valueOf(change)}`, `${WORDS[setting]} ${id}`, '', reason];
}

/** What it was set to, where that is short. */
function valueOf({ version, size, buildConfiguration, atATime }: Changes[number]): string {
  if (version !== undefined) return ` version ${version}`;
  if (size) return ` min ${size.minAvailable}, buffer ${size.buffer}, max ${size.max}`;
  if (buildConfiguration === undefined) return '';
  return ` ${buildConfiguration ?? 'each its own'}, ${atATime} at a time`;
}

const WORDS = {
  fleet: 'fleet',
  configuration: 'build configuration',
  build: 'build',
  machine: 'machine',
} as const;

function limit(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= LIMIT.max) return value;
  throw new InvalidArgumentError(`must be a whole number from 1 to ${LIMIT.max}`);
}
