import { DemandReader, play, resized, type Demand, type WhatIf } from '#audit';
import { slotRecordCodec } from '#wire';
import { Command, InvalidArgumentError } from 'commander';
import { setTimeout as sleep } from 'node:timers/promises';
import { collected, show, type Print } from '../operate/common-options.js';
import { table } from '../operate/table.js';
import { instantText } from './instant.js';
import { readExport } from './read-export.js';

interface ReplayOptions {
  readonly slots?: number;
  readonly fleetSize: readonly string[];
  readonly wait: number;
  readonly speed?: number;
  readonly json?: true;
}

/** So many refusals are listed; `--json` has all of them. */
const LISTED_MAX = 20;

/** `berth audit replay`: recorded requests against another number of slots. */
export function replayCommand(print: Print): Command {
  return new Command('replay')
    .argument('<export>', 'JSON lines, as `berth audit export` writes them')
    .description('what would have been with other slots: who had waited, who had been refused')
    .option('--slots <count>', 'so many slots, in the proportions of the fleets', whole)
    .option('--fleet-size <fleet=count>', 'so many of this fleet; may be repeated', collected, [])
    .option('--wait <seconds>', 'how long a request waits for a slot', whole, 0)
    .option('--speed <factor>', 'show what happens, so many times as fast as it did', factor)
    .option('--json', 'print as JSON')
    .action(async (file: string, options: ReplayOptions) => {
      const demand = await readDemand(file);
      const offers = resized(demand.offers, {
        slots: options.slots,
        ofFleets: new Map(options.fleetSize.map((text) => fleetSize(text, demand))),
      });
      const rules = { offers, waitMs: options.wait * 1_000 };
      const whatIf = await played(demand, rules, options, print);
      const { from, to, unended } = demand;
      const recorded = { slots: demand.offers.size, waited: demand.waited };
      show(print, options, { from, to, recorded, unended, ...whatIf }, () =>
        textOf(demand, whatIf),
      );
    });
}

/** Reads an export line by line; of the events only what they asked for is kept. */
async function readDemand(file: string): Promise<Demand> {
  const reader = new DemandReader();
  await readExport(file, ({ subject, body }) => {
    if (body !== null) reader.take(subject, slotRecordCodec.decode(subject, body));
  });
  return reader.demand();
}

async function played(
  demand: Demand,
  rules: Parameters<typeof play>[1],
  { speed, json }: ReplayOptions,
  print: Print,
): Promise<WhatIf> {
  const moments = play(demand, rules);
  const startedAt = performance.now();
  for (;;) {
    const next = moments.next();
    if (next.done) return next.value;
    if (speed === undefined) continue;
    const { at, kind, id, busy } = next.value;
    const dueMs = (at - demand.from) / speed - (performance.now() - startedAt);
    if (dueMs > 0) await sleep(dueMs);
    if (!json)
      print(`${instantText(at)}  ${kind.padEnd(7)}  ${id}  ${busy} of ${rules.offers.size} busy`);
  }
}

function textOf({ from, to, offers, unended, waited }: Demand, whatIf: WhatIf): string {
  const { slots, requests, served, refused, busyMax, needed } = whatIf;
  const rows = [
    ['slots', String(offers.size), String(slots)],
    ['requests served', String(requests), String(served)],
    ['of these had waited', String(waited), waitText(whatIf)],
    ['refused', 'not in the log', String(refused.length)],
    ['busy at the most', '', String(busyMax)],
  ];
  const fleets = Object.entries(needed.fleets).map(([fleet, count]) => `${fleet} ${count}`);
  const unendedText = `${unended} sessions had not ended: they are taken to end with the record`;
  return [
    `${requests} requests from ${instantText(from)} to ${instantText(to)}`,
    '',
    table(['', 'recorded', 'would be'], rows),
    '',
    `to serve each at once: ${needed.slots} slots${fleets.length > 1 ? `, by fleet ${fleets.join(', ')}` : ''}`,
    ...(unended === 0 ? [] : [unendedText]),
    ...refused.slice(0, LISTED_MAX).map(({ id, at }) => `refused ${id} at ${instantText(at)}`),
    ...(refused.length > LISTED_MAX ? [`and ${refused.length - LISTED_MAX} more`] : []),
  ].join('\n');
}

function waitText({ waited, waitMsMax }: WhatIf): string {
  return waited === 0 ? '0' : `${waited}, up to ${(waitMsMax / 1_000).toFixed(1)} s`;
}

function fleetSize(text: string, { offers }: Demand): [string, number] {
  const [, fleet, count] = /^([^=]+)=(\d{1,6})$/.exec(text) ?? [];
  if (fleet === undefined) throw new Error(`--fleet-size must be fleet=count, not ${text}`);
  if ([...offers.values()].some((offer) => offer.fleet === fleet)) return [fleet, Number(count)];
  throw new Error(`--fleet-size: the record has no slot of fleet ${fleet}`);
}

function whole(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('must be a whole number, 999999 at most');
}

function factor(text: string): number {
  const number = Number(text);
  if (number > 0 && Number.isFinite(number)) return number;
  throw new InvalidArgumentError('must be a number above 0');
}
