import { refusalsAnswer } from '#http-api';
import { Command } from 'commander';
import { apiOf, onApi, show, type CommonOptions, type Print } from './common-options.js';
import { queryOf } from './query.js';
import { table } from './table.js';

interface RefusalsOptions extends CommonOptions {
  readonly region: string;
  readonly limit?: string;
  readonly after?: string;
}

/** `berth refusals`: requests that were refused for lack of servers. */
export function refusalsCommand(print: Print): Command {
  return onApi(new Command('refusals'))
    .description('list requests that were refused for lack of servers, the earliest first')
    .requiredOption('--region <name>', 'of this region')
    .option('--limit <count>', 'how many to list at most')
    .option('--after <place>', 'only those after this one')
    .action(async ({ region, limit, after, ...common }: RefusalsOptions) => {
      const query = queryOf({ region, limit, after });
      const page = await apiOf(common).get(`/v1/refusals?${query}`, refusalsAnswer);
      show(print, common, page, ({ refusals: shown, next }) => {
        const rows = shown.map(({ refusedAt, allocationId, by, fleet, code, message }) => [
          new Date(refusedAt).toISOString(),
          ...[allocationId, by, fleet ?? '-', code, message],
        ]);
        const more = next === undefined ? '' : `\nmore: --after ${next}`;
        return table(['refused', 'request', 'by', 'fleet', 'code', 'why'], rows) + more;
      });
    });
}
