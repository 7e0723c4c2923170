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

/** `berth audit actions`: what was done to slots, by whom, and why. */
export function actionsCommand(print: Print): Command {
  return listing(new Command('actions'))
    .description('list what was done to slots because somebody asked, by whom, and why')
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

/** Reads pages until there are enough actions; each page reads a limited part of the history. */
async function list(print: Print, options: ActionsOptions, of: Readonly<Record<string, string>>) {
  const actions: Page['actions'] = [];
  let next = options.after;
  let toldAt = Date.now();
  do {
    const { region, project, face, since, until } = options;
    const rest = { limit: options.limit - actions.length, after: next };
    const query = queryOf({ region, project, face, since, until, ...of, ...rest });
    const page = await apiOf(options).get(`/v1/audit/actions?${query}`, actionsAnswer);
    actions.push(...page.actions);
    ({ next } = page);
    if (next !== undefined && page.readTo !== null && Date.now() - toldAt > PROGRESS_MS) {
      toldAt = Date.now();
      complain(`read up to ${instantText(page.readTo)}`);
    }
  } while (next !== undefined && actions.length < options.limit);
  show(print, options, { actions, ...(next !== undefined && { next }) }, textOf);
}

function textOf({ actions, next }: Pick<Page, 'actions' | 'next'>): string {
  const rows = actions.map(({ at, by, event, slot, allocationId = '', reason = '' }) => [
    ...[instantText(at), by, event, slot, allocationId, reason],
  ]);
  const more = next === undefined ? '' : `\nmore: --after ${next}`;
  return table(['at', 'by', 'event', 'slot', 'allocation', 'why'], rows) + more;
}

function limit(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= LIMIT.max) return value;
  throw new InvalidArgumentError(`must be a whole number from 1 to ${LIMIT.max}`);
}
