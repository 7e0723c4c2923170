import { fleetDiff, type FleetDiff, type PastSlot } from '#audit';
import { Command } from 'commander';
import { show, type Print } from '../operate/common-options.js';
import { table } from '../operate/table.js';
import { holderOf, slotsAt, statusOf, unknownText } from './at.command.js';
import { INSTANT_HELP, instantOf, instantText } from './instant.js';
import { onRegion, withRegion, type RegionOptions } from './region-log.js';

interface DiffOptions extends RegionOptions {
  readonly fleet?: string;
  readonly json?: true;
}

/** `berth audit diff`: what became of the slots between two instants. */
export function diffCommand(print: Print): Command {
  return onRegion(new Command('diff'))
    .argument('<from>', INSTANT_HELP, (text) => instantOf(text))
    .argument('<to>', 'another instant', (text) => instantOf(text))
    .description('show what was different between two instants: who had what, then and later')
    .option('--fleet <name>', 'of slots that were in this fleet at either instant')
    .option('--json', 'print as JSON')
    .action(async (one: number, other: number, options: DiffOptions) => {
      const [from, to] = [Math.min(one, other), Math.max(one, other)];
      const [before, after] = await withRegion(options, async (opened) => [
        await slotsAt(opened, { ...options, at: from }),
        await slotsAt(opened, { ...options, at: to }),
      ]);
      show(print, options, fleetDiff(before, after, options.fleet), textOf);
    });
}

function textOf(diff: FleetDiff): string {
  const { region, from, to, slots, changed, changedBack, claims, unknown } = diff;
  const rows = changed.map(({ id, before, after, differs }) => [
    id,
    faceOf(before),
    faceOf(after),
    differs.filter((name) => name !== 'status' && name !== 'allocation').join(', '),
  ]);
  return [
    `${region} from ${instantText(from)} to ${instantText(to)}`,
    `${changed.length} of ${slots} slots differ, ${changedBack} are as before; ${claims} claims between`,
    ...(rows.length === 0 ? [] : ['', table(['slot', 'before', 'after', 'also differs'], rows)]),
    ...unknownText(unknown),
  ].join('\n');
}

function faceOf(slot: PastSlot | null): string {
  if (slot === null) return 'not there';
  const holder = holderOf(slot);
  return holder === '' ? statusOf(slot) : `${statusOf(slot)}: ${holder}`;
}
