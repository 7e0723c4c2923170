import { agentsAnswer } from '#http-api';
import { Command } from 'commander';
import { apiOf, onApi, show, type CommonOptions, type Print } from './common-options.js';
import { table } from './table.js';

const STATUSES = ['available', 'allocated', 'deallocated', 'drained', 'maintenance'] as const;

export function agentsCommand(print: Print): Command {
  return onApi(new Command('agents'))
    .description('list agents, with the slots they have')
    .option('--after <agent>', 'only those after this one')
    .action(async ({ after, ...common }: CommonOptions & { readonly after?: string }) => {
      const query = after === undefined ? '' : `?after=${encodeURIComponent(after)}`;
      const page = await apiOf(common).get(`/v1/agents${query}`, agentsAnswer);
      show(print, common, page, ({ agents: shown, next }) => {
        const rows = shown.map(({ id, slots, statuses, pending, lost }) =>
          [
            id,
            slots,
            ...STATUSES.map((status) => statuses[status] ?? 0),
            pending.drain + pending.maintenance,
            lost,
          ].map(String),
        );
        const more = next === undefined ? '' : `\nmore: --after ${next}`;
        return table(['agent', 'slots', ...STATUSES, 'pending', 'lost'], rows) + more;
      });
    });
}
