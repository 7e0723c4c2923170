import { fleetAt, type FleetAt, type PastSlot, type SlotsWanted } from '#audit';
import { listedStatus } from '#http-api';
import type { RegionLog } from '#jetstream';
import { Command, Option } from 'commander';
import { show, type Print } from '../operate/common-options.js';
import { table } from '../operate/table.js';
import { eventMeterOn } from './event-meter.js';
import { INSTANT_HELP, instantOf, instantText } from './instant.js';
import { onRegion, withRegion, type RegionOptions } from './region-log.js';

interface AtOptions extends RegionOptions {
  readonly fleet?: string;
  readonly status?: string;
  readonly json?: true;
}

/** `berth audit at`: all slots as they were, who had what. */
export function atCommand(print: Print): Command {
  return onRegion(new Command('at'))
    .argument('<time>', INSTANT_HELP, (text) => instantOf(text))
    .description('show the slots as they were at an instant, and who had them')
    .option('--fleet <name>', 'of this fleet only')
    .addOption(new Option('--status <status>', 'in this status only').choices(listedStatus.options))
    .option('--json', 'print as JSON')
    .action(async (at: number, options: AtOptions) => {
      const wanted = { fleet: options.fleet, status: options.status };
      const found = await withRegion(options, (opened) =>
        slotsAt(opened, { ...options, at, wanted }),
      );
      show(print, options, found, textOf);
    });
}

/** Reads the slots of a region as they were; says how far it has come where that takes long. */
export async function slotsAt(
  { kept }: RegionLog,
  { region, at, wanted = {} }: { region: string; at: number; wanted?: SlotsWanted },
): Promise<FleetAt> {
  const meter = eventMeterOn(process.stderr, 'slots');
  meter.begin();
  try {
    return await fleetAt(kept, {
      ...{ region, at, wanted },
      onProgress(done, slots) {
        meter.reach(done, slots);
      },
    });
  } finally {
    meter.end();
  }
}

function textOf({ region, at, slots, unknown }: FleetAt): string {
  const counts = new Map<string, number>();
  for (const { status } of slots) counts.set(status, (counts.get(status) ?? 0) + 1);
  const summary = [...counts].map(([status, count]) => `${count} ${status}`).join(', ');
  const rows = slots.map((slot) => [slot.id, statusOf(slot), holderOf(slot), instantText(slot.at)]);
  return [
    `${region} at ${instantText(at)}: ${slots.length} slots${summary && `, ${summary}`}`,
    ...(rows.length === 0 ? [] : ['', table(['slot', 'status', 'allocation', 'since'], rows)]),
    ...unknownText(unknown),
  ].join('\n');
}

/** Slots of which nothing can be said, for people. */
export function unknownText(unknown: readonly string[]): readonly string[] {
  if (unknown.length === 0) return [];
  const says = 'not known, for their events of that time are no longer kept or cannot be read';
  return ['', `${says}: ${unknown.join(', ')}`];
}

export function statusOf({ status, phase, pending, agentLost }: PastSlot): string {
  const more = [phase, pending && `${pending} pending`, agentLost && 'agent lost'];
  return [status, ...more.filter(Boolean)].join(', ');
}

export function holderOf({ allocation }: PastSlot): string {
  if (allocation === null) return '';
  const { allocationId, attempt, requestedBy } = allocation;
  return `${allocationId}${attempt === 1 ? '' : `, attempt ${attempt}`}, for ${requestedBy}`;
}
