import { indexedAllocationsAnswer } from '#http-api';
import { printable } from '#kernel';
import { Command } from 'commander';
import type { z } from 'zod';
import { apiOf, show, type Print } from '../operate/common-options.js';
import { queryOf } from '../operate/query.js';
import { table } from '../operate/table.js';
import { watchable, watched, type WatchOptions } from '../operate/watch.js';
import { INSTANT_HELP, instantOf, instantText } from './instant.js';

interface AllocationsOptions extends WatchOptions {
  readonly region: string;
  readonly id?: string;
  readonly by?: string;
  readonly project?: string;
  readonly face?: string;
  readonly ended?: string;
  readonly reason?: string;
  readonly fleet?: string;
  readonly since?: number;
  readonly until?: number;
  readonly attempts?: true;
  readonly limit?: string;
  readonly after?: string;
}

type Answer = z.output<typeof indexedAllocationsAnswer>;

export const ONE_FACE = 'only those asked for through this API: api, gamefabric, multiplay, nats';

/** Further behind than this, an answer says so (events). */
const LAG_TOLD = 100;

/** `berth allocations`, and `berth audit allocations`: by owner, end and time. */
export function allocationsCommand(print: Print): Command {
  return watchable(new Command('allocations'))
    .description('list past and present allocations, the latest first')
    .requiredOption('--region <name>', 'of this region')
    .option('--id <id>', 'only of this allocation id')
    .option('--by <token>', 'only those that this access token asked for')
    .option('--project <name>', 'only those asked for with a token of this project')
    .option('--face <api>', ONE_FACE)
    .option('--ended <event>', 'only those that this event ended, such as Crashed; none: they last')
    .option('--reason <text>', 'only those with this text in the reason of their end')
    .option('--fleet <name>', 'only servers of this fleet')
    .option('--since <instant>', `only from then on: ${INSTANT_HELP}`, (text) => instantOf(text))
    .option('--until <instant>', 'only before then', (text) => instantOf(text))
    .option('--attempts', 'also slots that were tried and did not serve the request')
    .option('--limit <count>', 'how many to list at most')
    .option('--after <place>', 'only those behind this one')
    .action(async (options: AllocationsOptions) => {
      const path = `/v1/audit/allocations?${wantedQuery(options)}`;
      const look = () => apiOf(options).get(path, indexedAllocationsAnswer);
      await watched(options, print, look, (page) => show(print, options, page, textOf));
    });
}

/** Options that the API calls otherwise are named here, those that are not for it left out. */
function wantedQuery(wanted: AllocationsOptions): string {
  const { id, by, ended, attempts, api, json, watch, ...alike } = wanted;
  const renamed = { allocationId: id, requestedBy: by, endedBy: ended };
  return queryOf({ ...alike, ...renamed, attempts: attempts && 'all' });
}

function textOf({ allocations, next, lagEvents }: Answer): string {
  const rows = allocations.map((one) => {
    const { allocationId, slot, attempt, requestedBy, requestedAt, fleet, end } = one;
    const id = attempt === 1 ? allocationId : `${allocationId} (attempt ${attempt})`;
    const ended = end === null ? ['', 'lasts', ''] : [instantText(end.at), end.by, end.reason];
    return [instantText(requestedAt), id, slot, fleet, requestedBy, ...ended].map(printable);
  });
  const isBehind = lagEvents === null || lagEvents > LAG_TOLD;
  return [
    table(['claimed', 'allocation', 'slot', 'fleet', 'by', 'ended', 'by event', 'why'], rows),
    ...(next === undefined ? [] : [`more: --after ${next}`]),
    ...(isBehind
      ? [`the index is behind the log: by ${lagEvents ?? 'nobody knows how many'} events`]
      : []),
  ].join('\n');
}
