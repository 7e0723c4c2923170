import { tellAllocation, type Told } from '#audit';
import { allocationStoryAnswer, type AllocationStory } from '#http-api';
import { Command } from 'commander';
import { apiOf, onApi, show, type CommonOptions, type Print } from '../operate/common-options.js';
import { queryOf } from '../operate/query.js';
import { table } from '../operate/table.js';
import { instantText } from './instant.js';
import { toldToWait } from './told-to-wait.js';

export interface WhereOptions {
  readonly region?: string;
}

/** `berth audit allocation`: all of one request. */
export function allocationCommand(print: Print): Command {
  return onApi(new Command('allocation'))
    .argument('<id>', 'its allocation id')
    .description('tell all of one request: who asked, each slot that was tried, and the end')
    .option('--region <name>', 'only in this region')
    .action(async (id: string, options: CommonOptions & WhereOptions) => {
      const answer = apiOf(options).get(storyPath(id, options), allocationStoryAnswer);
      const story = await toldToWait('reading the history', answer);
      show(print, options, story, (told) => lines(tellAllocation(told)) + foundText(told));
    });
}

/** The path of the API for one request; `more` follows its id. */
export function storyPath(id: string, { region }: WhereOptions, more = ''): string {
  const query = region === undefined ? '' : `?${queryOf({ region })}`;
  return `/v1/audit/allocations/${encodeURIComponent(id)}${more}${query}`;
}

/** What happened, by the time since the beginning. */
function lines(told: readonly Told[]): string {
  const [first] = told;
  const since = first?.at ?? 0;
  const rows = told.map(({ at, says }) => [at === null ? '' : after(at - since), says]);
  return table(['after', `since ${instantText(since)}`], rows);
}

/** Where it was found, if that is worth a line: what was read may have taken long, or be new. */
function foundText({ source }: AllocationStory): string {
  if (source === undefined) return '';
  const { kind, lagEvents, because } = source;
  if (kind === 'history') return `\n\nfound by reading the history: ${because ?? ''}`;
  return `\n\nfound by the index, which is ${lagEvents ?? 0} events behind the log`;
}

function after(ms: number): string {
  return `${(ms / 1_000).toFixed(3)} s`;
}
