import { type slotAnswer, slotsAnswer } from '#http-api';
import { Command } from 'commander';
import type { z } from 'zod';
import type { Api } from './api.js';
import { apiOf, show, type Print } from './common-options.js';
import { queryOf } from './query.js';
import { table } from './table.js';
import { USAGE_HEADINGS, usageCells, usageOf, type SlotUsage } from './usage.js';
import { watchable, watched, type WatchOptions } from './watch.js';

interface SlotsOptions extends WatchOptions {
  readonly region?: string;
  readonly fleet?: string;
  readonly status?: string;
  readonly limit: string;
  readonly after?: string;
  readonly usage?: true;
}

export function slotsCommand(print: Print): Command {
  return watchable(new Command('slots'))
    .description('list slots with their status')
    .option('--region <name>', 'of this region only')
    .option('--fleet <name>', 'of this fleet only')
    .option('--status <status>', 'available, allocated, deallocated, drained or maintenance')
    .option('--limit <count>', 'how many to list at most', '100')
    .option('--after <slot>', 'only those after this one')
    .option('--usage', 'also show what their processes use, as their agents measure it')
    .action(async (options: SlotsOptions) => {
      const api = apiOf(options);
      await watched(
        options,
        print,
        () => look(api, options),
        (seen) => show(print, options, seen, textOf),
      );
    });
}

type Page = z.output<typeof slotsAnswer>;

interface Seen extends Page {
  /** By slot, if it was asked for. */
  readonly usage?: Readonly<Record<string, SlotUsage>>;
}

async function look(api: Api, options: SlotsOptions): Promise<Seen> {
  const { region, fleet, status, limit, after } = options;
  const query = queryOf({ region, fleet, status, limit, after });
  const page = await api.get(`/v1/slots?${query}`, slotsAnswer);
  if (options.usage === undefined) return page;
  const ids = page.slots.map(({ id }) => id);
  return { ...page, usage: Object.fromEntries(await usageOf(api, ids)) };
}

function textOf({ slots: shown, next, usage }: Seen): string {
  const rows = shown.map((slot) => [
    ...cellsOf(slot),
    ...(usage === undefined ? [] : usageCells(usage[slot.id])),
  ]);
  const headings = [...HEADINGS, ...(usage === undefined ? [] : USAGE_HEADINGS)];
  const more = next === undefined ? '' : `\nmore: --after ${next}`;
  return table(headings, rows) + more;
}

const HEADINGS = [
  'slot',
  'status',
  'pending',
  'fleet',
  'address',
  'allocation',
  'failure',
] as const;

type Slot = z.output<typeof slotAnswer>;

function cellsOf(slot: Slot): readonly string[] {
  return [
    slot.id,
    slot.phase === null ? slot.status : `${slot.status}, ${slot.phase}`,
    [slot.pending ?? '', slot.agentLost ? 'agent lost' : ''].filter(Boolean).join(', '),
    slot.fleet ?? '',
    slot.address ?? '',
    slot.allocation?.allocationId ?? '',
    failureOf(slot),
  ];
}

/** What is wrong, how many failures there were in a row, and until when the slot is not offered. */
function failureOf({ failure, failedStarts }: Slot): string {
  const reason = failure?.reason ?? failedStarts?.reason ?? '';
  if (failedStarts == null) return reason;
  const { count, offeredAgainAt } = failedStarts;
  const until = offeredAgainAt === null ? '' : `, not offered until ${instant(offeredAgainAt)}`;
  return `${reason} (${count} in a row${until})`;
}

const instant = (at: number) => new Date(at).toISOString();
