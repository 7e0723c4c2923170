import { type eventAnswer, eventsAnswer } from '#http-api';
import { Command } from 'commander';
import type { z } from 'zod';
import { apiOf, onApi, show, type CommonOptions, type Print } from './common-options.js';
import { table } from './table.js';

interface EventsOptions extends CommonOptions {
  readonly limit: string;
  readonly after: string;
}

export function eventsCommand(print: Print): Command {
  return onApi(new Command('events'))
    .argument('<slot>', 'region.agent.slot')
    .description('show the history of a slot')
    .option('--limit <count>', 'how many to list at most', '100')
    .option('--after <sequence>', 'only those after this one', '0')
    .action(async (slot: string, { limit, after, ...common }: EventsOptions) => {
      const query = new URLSearchParams({ limit, after }).toString();
      const path = `/v1/slots/${encodeURIComponent(slot)}/events?${query}`;
      const page = await apiOf(common).get(path, eventsAnswer);
      show(print, common, page, ({ events: shown, next }) => {
        const rows = shown.map(cellsOf);
        const more = next === undefined ? '' : `\nmore: --after ${next}`;
        return table(['sequence', 'at', 'event', 'state', 'by', 'reason'], rows) + more;
      });
    });
}

function cellsOf(event: z.output<typeof eventAnswer>): readonly string[] {
  const { sequence, type } = event;
  if (!('at' in event)) return [String(sequence), '', type, '', '', event.reason];
  const { at, state, by = '', data } = event;
  const { reason } = data;
  const why = typeof reason === 'string' ? reason : '';
  return [String(sequence), new Date(at).toISOString(), type, state, by, why];
}
