import { forgottenAnswer } from '#http-api';
import { Command } from 'commander';
import { apiOf, onApi, show, type CommonOptions, type Print } from './common-options.js';
import { queryOf } from './query.js';

interface ForgetOptions extends CommonOptions {
  readonly reason: string;
  readonly region?: string;
}

/** `berth forget`: destroys the key of one request's payload and answer. */
export function forgetCommand(print: Print): Command {
  return onApi(new Command('forget'))
    .argument('<allocation>', 'its id')
    .description("destroy a request's payload and the game's answer for good; the history stays")
    .requiredOption('--reason <text>', 'why; recorded with your name')
    .option('--region <name>', 'only in this region')
    .action(async (id: string, { reason, region, ...common }: ForgetOptions) => {
      const query = queryOf({ reason, region });
      const path = `/v1/audit/allocations/${encodeURIComponent(id)}/payload?${query}`;
      const answer = await apiOf(common).delete(path, forgottenAnswer);
      show(print, common, answer, () => `payload and answer of ${id} are forgotten`);
    });
}
