import { requestAnswer } from '#http-api';
import { Command } from 'commander';
import type { z } from 'zod';
import { apiOf, onApi, show, type CommonOptions, type Print } from './common-options.js';
import { queryOf } from './query.js';

/** `berth request`: the result of a published request. */
export function requestCommand(print: Print): Command {
  return onApi(new Command('request'))
    .description('show the result of a published request')
    .argument('<id>', 'its allocation id')
    .requiredOption('--region <name>', 'where it was published')
    .action(async (id: string, options: CommonOptions & { readonly region: string }) => {
      const path = `/v1/requests/${encodeURIComponent(id)}`;
      const query = queryOf({ region: options.region });
      const answer = await apiOf(options).get(`${path}?${query}`, requestAnswer);
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
