import { refusalsAnswer, requestAnswer } from '#http-api';
import { Command } from 'commander';
import type { z } from 'zod';
import { apiOf, onApi, show, type CommonOptions, type Print } from './common-options.js';
import { table } from './table.js';

interface RefusalsOptions extends CommonOptions {
  readonly region: string;
  readonly limit?: string;
  readonly after?: string;
}

/** `berth request`: the result of a published request. */
export function requestCommand(print: Print): Command {
  return onApi(new Command('request'))
    .description('show the result of a published request')
    .argument('<id>', 'its allocation id')
    .requiredOption('--region <name>', 'where it was published')
    .action(async (id: string, options: CommonOptions & { readonly region: string }) => {
      const path = `/v1/requests/${encodeURIComponent(id)}`;
      const query = new URLSearchParams({ region: options.region });
      const answer = await apiOf(options).get(`${path}?${query.toString()}`, requestAnswer);
      show(print, options, answer, (told) => [told.status, ...outcomeOf(told)].join('  '));
    });
}

function outcomeOf(told: z.output<typeof requestAnswer>): readonly string[] {
  switch (told.status) {
    case 'pending':
      return [];
    case 'allocated':
      return [told.allocation.slot, told.allocation.address];
    case 'refused':
      return [told.code, told.message];
  }
}

/** `berth refusals`: requests that were refused for lack of servers. */
export function refusalsCommand(print: Print): Command {
  return onApi(new Command('refusals'))
    .description('list requests that were refused for lack of servers, the earliest first')
    .requiredOption('--region <name>', 'of this region')
    .option('--limit <count>', 'how many to list at most')
    .option('--after <place>', 'only those after this one')
    .action(async ({ region, limit, after, ...common }: RefusalsOptions) => {
      const query = new URLSearchParams({
        region,
        ...(limit !== undefined && { limit }),
        ...(after !== undefined && { after }),
      });
      const page = await apiOf(common).get(`/v1/refusals?${query.toString()}`, refusalsAnswer);
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
