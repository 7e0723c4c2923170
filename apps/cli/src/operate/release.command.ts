import { releaseAnswer } from '#http-api';
import { Command } from 'commander';
import { apiOf, onApi, show, type CommonOptions, type Print } from './common-options.js';
import { queryOf } from './query.js';

interface ReleaseOptions extends CommonOptions {
  readonly reason?: string;
  readonly region?: string;
}

export function releaseCommand(print: Print): Command {
  return onApi(new Command('release'))
    .argument('<allocation>', 'its id')
    .description('end an allocation')
    .option('--reason <text>', 'recorded')
    .option('--region <name>', 'region of the allocation, if the gateway does not know it')
    .action(async (id: string, { reason, region, ...common }: ReleaseOptions) => {
      const path = `/v1/allocations/${encodeURIComponent(id)}?${queryOf({ reason, region })}`;
      const answer = await apiOf(common).delete(path, releaseAnswer);
      show(print, common, answer, ({ slot }) => `${id} on ${slot} is ended`);
    });
}
