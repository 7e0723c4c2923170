import { slotThenAnswer } from '#http-api';
import type { z } from 'zod';
import { apiOf, show, type CommonOptions, type Print } from '../operate/common-options.js';
import { factsOf } from '../operate/table.js';
import { instantText } from './instant.js';

type SlotThen = z.output<typeof slotThenAnswer>;

/** Prints a slot as it was at an instant (epoch ms). */
export async function showSlotThen(
  print: Print,
  options: CommonOptions,
  slot: string,
  at: number,
): Promise<void> {
  const path = `/v1/audit/slots/${encodeURIComponent(slot)}?at=${at}`;
  const then = await apiOf(options).get(path, slotThenAnswer);
  show(print, options, then, lines);
}

function lines({ slot, since, event, by, writtenBy }: SlotThen): string {
  const { id, agent, status, phase, fleet, address, process, allocation, lastEnd, pending } = slot;
  const rows: readonly (readonly [string, string | null | undefined])[] = [
    [
      'state',
      [status, phase, pending === null ? null : `pending ${pending}`].filter(Boolean).join(', '),
    ],
    ['since', `${instantText(since)}: ${event}${by === undefined ? '' : `, by ${by}`}`],
    ['written by', `${writtenBy}, sequence ${slot.sequence}`],
    ['owner', `${agent}${slot.agentLost ? ', lost' : ''}`],
    ['fleet', fleet],
    ['address', address],
    [
      'runs',
      process && `${run(process)}, process ${process.pid} since ${instantText(process.startedAt)}`,
    ],
    ['allocation', allocation?.allocationId],
    ['asked by', allocation?.requestedBy],
    ['last end', lastEnd && `${lastEnd.allocationId}: ${lastEnd.by} at ${instantText(lastEnd.at)}`],
    ['failure', slot.failure?.reason],
    ['set aside', slot.setAside],
  ];
  return factsOf(
    id,
    rows.flatMap(([name, says]) => (says == null || says === '' ? [] : [[name, says]])),
  );
}

function run({ buildConfiguration, version }: { buildConfiguration: string; version: number }) {
  return version === 0 ? buildConfiguration : `${buildConfiguration}, version ${version}`;
}
