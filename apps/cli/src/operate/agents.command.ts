import { agentsAnswer } from '#http-api';
import { Command } from 'commander';
import type { z } from 'zod';
import { apiOf, show, type Print } from './common-options.js';
import { queryOf } from './query.js';
import { table } from './table.js';
import { watchable, watched, type WatchOptions } from './watch.js';

const STATUSES = ['available', 'allocated', 'deallocated', 'drained', 'maintenance'] as const;

export function agentsCommand(print: Print): Command {
  return watchable(new Command('agents'))
    .description('list agents, with the slots they have')
    .option('--after <agent>', 'only those after this one')
    .action(async (options: WatchOptions & { readonly after?: string }) => {
      const path = `/v1/agents?${queryOf({ after: options.after })}`;
      const look = () => apiOf(options).get(path, agentsAnswer);
      await watched(options, print, look, (page) => show(print, options, page, textOf));
    });
}

function textOf({ agents: shown, next }: z.output<typeof agentsAnswer>): string {
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
}
