import { Command } from 'commander';
import { z } from 'zod';
import { apiOf, onApi, show, type CommonOptions, type Print } from './surroundings.js';
import { table } from './table.js';

const slots = z.object({
  slots: z.array(
    z.looseObject({
      id: z.string(),
      status: z.string(),
      phase: z.string().nullable(),
      pending: z.string().nullable(),
      agentLost: z.boolean(),
      fleet: z.string().nullable(),
      address: z.string().nullable(),
      allocation: z.looseObject({ allocationId: z.string() }).nullable(),
    }),
  ),
  next: z.string().optional(),
});

interface SlotsOptions extends CommonOptions {
  readonly region?: string;
  readonly fleet?: string;
  readonly status?: string;
  readonly limit: string;
  readonly after?: string;
}

export function slotsCommand(print: Print): Command {
  return onApi(new Command('slots'))
    .description('list slots, and what becomes of them')
    .option('--region <name>', 'of this region only')
    .option('--fleet <name>', 'of this fleet only')
    .option('--status <status>', 'available, allocated, deallocated, drained or maintenance')
    .option('--limit <count>', 'so many at most', '100')
    .option('--after <slot>', 'those behind this one')
    .action(async ({ region, fleet, status, limit, after, ...common }: SlotsOptions) => {
      const wanted = Object.entries({ region, fleet, status, limit, after });
      const query = new URLSearchParams(
        wanted.filter((entry): entry is [string, string] => entry[1] !== undefined),
      );
      const page = await apiOf(common).get(`/v1/slots?${query.toString()}`, slots);
      show(print, common, page, ({ slots: shown, next }) => {
        const rows = shown.map((slot) => [
          slot.id,
          slot.phase === null ? slot.status : `${slot.status}, ${slot.phase}`,
          [slot.pending ?? '', slot.agentLost ? 'agent lost' : ''].filter(Boolean).join(', '),
          slot.fleet ?? '',
          slot.address ?? '',
          slot.allocation?.allocationId ?? '',
        ]);
        const more = next === undefined ? '' : `\nmore: --after ${next}`;
        return table(['slot', 'status', 'pending', 'fleet', 'address', 'allocation'], rows) + more;
      });
    });
}
