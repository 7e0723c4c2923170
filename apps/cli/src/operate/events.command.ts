import { Command } from 'commander';
import { z } from 'zod';
import { apiOf, onApi, show, type CommonOptions, type Print } from './surroundings.js';
import { table } from './table.js';

const events = z.object({
  events: z.array(
    z.looseObject({
      sequence: z.number(),
      type: z.string(),
      at: z.number().optional(),
      by: z.string().optional(),
      state: z.string().optional(),
      reason: z.string().optional(),
      data: z.looseObject({ reason: z.string().optional() }).optional(),
    }),
  ),
  next: z.number().optional(),
});

interface EventsOptions extends CommonOptions {
  readonly limit: string;
  readonly after: string;
}

export function eventsCommand(print: Print): Command {
  return onApi(new Command('events'))
    .argument('<slot>', 'region.agent.slot')
    .description("tell a slot's history")
    .option('--limit <count>', 'so many at most', '100')
    .option('--after <sequence>', 'those behind this one', '0')
    .action(async (slot: string, { limit, after, ...common }: EventsOptions) => {
      const query = new URLSearchParams({ limit, after }).toString();
      const path = `/v1/slots/${encodeURIComponent(slot)}/events?${query}`;
      const page = await apiOf(common).get(path, events);
      show(print, common, page, ({ events: shown, next }) => {
        const rows = shown.map(({ sequence, at, type, state, by, reason, data }) => [
          String(sequence),
          at === undefined ? '' : new Date(at).toISOString(),
          type,
          state ?? '',
          by ?? '',
          data?.reason ?? reason ?? '',
        ]);
        const more = next === undefined ? '' : `\nmore: --after ${next}`;
        return table(['sequence', 'at', 'event', 'state', 'by', 'reason'], rows) + more;
      });
    });
}
