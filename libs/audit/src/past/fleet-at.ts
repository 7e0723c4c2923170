import type { fleetAtAnswer, pastSlotAnswer } from '#http-api';
import type { StoredMessage } from '#kernel';
import { firstDifference, statusOf, type SlotState } from '#slot';
import type { SlotRecord } from '#wire';
import type { z } from 'zod';
import { nameOf } from '../verify/finding.js';
import { readable, STORED_LATE_MS } from './date-of.js';
import { ASKED_MAX, PastSources, type PastSource } from './past-source.js';

export type FleetAt = z.output<typeof fleetAtAnswer>;
export type PastSlot = z.output<typeof pastSlotAnswer>;

/** Which slots are wanted; all if nothing is said. */
export interface SlotsWanted {
  readonly fleet?: string | undefined;
  readonly status?: string | undefined;
}

interface FleetAtOptions {
  readonly region: string;
  /** Epoch ms. */
  readonly at: number;
  readonly wanted?: SlotsWanted;
  /** Only slots whose ids follow this one. */
  readonly after?: string | undefined;
  /** At most so many slots; the answer has `next` where there are more. */
  readonly limit?: number;
  readonly onProgress?: (done: number, slots: number) => void;
}

/**
 * A region's slots as they were at an instant: each as the last event dated until then left it. It
 * reads a few events of each slot, not the history before them, so it takes as long for last year as
 * for a minute ago.
 *
 * @param sources all streams that keep events of the region: the log and the archive
 */
export async function fleetAt(
  sources: readonly PastSource[],
  { region, at, wanted = {}, after = '', limit = Infinity, onProgress }: FleetAtOptions,
): Promise<FleetAt> {
  const source = new PastSources(sources);
  const [all, end] = await Promise.all([
    source.subjects(),
    source.sequenceAfter(at, STORED_LATE_MS),
  ]);
  const subjects = all.filter((subject) => nameOf(subject) > after);
  const slots: PastSlot[] = [];
  const unknown: string[] = [];
  for (let from = 0; from < subjects.length && slots.length <= limit; from += ASKED_MAX) {
    const asked = subjects.slice(from, from + ASKED_MAX);
    const last = await source.lastBefore(asked, end);
    await Promise.all(
      asked.map(async (subject) => {
        const found = await slotAt(source, subject, last.get(subject), at);
        if (found === 'unknown') unknown.push(nameOf(subject));
        else if (found !== null && isWanted(found, wanted)) slots.push(found);
      }),
    );
    onProgress?.(Math.min(from + ASKED_MAX, subjects.length), subjects.length);
  }
  const shown = slots.sort(byId).slice(0, limit);
  unknown.sort();
  const next = slots.length > limit ? shown.at(-1)?.id : undefined;
  if (next === undefined) return { region, at, slots: shown, unknown };
  return { region, at, slots: shown, unknown: unknown.filter((id) => id <= next), next };
}

function isWanted(slot: PastSlot, { fleet, status }: SlotsWanted): boolean {
  return (
    slot.status !== 'retired' &&
    (fleet === undefined || slot.fleet === fleet) &&
    (status === undefined || slot.status === status)
  );
}

/** Null: there was no such slot. */
async function slotAt(
  source: PastSources,
  subject: string,
  last: StoredMessage | undefined,
  at: number,
): Promise<PastSlot | 'unknown' | null> {
  if (last === undefined) {
    const first = await source.firstOf(subject);
    return first === undefined || isBeginning(first) ? null : 'unknown';
  }
  for (let message = last; ;) {
    const record = readable(message);
    if (record === undefined) return 'unknown';
    if (record.event.at <= at) return pastSlot(message, record);
    const before = (await source.lastBefore([subject], message.sequence)).get(subject);
    if (before === undefined) return isBeginning(message) ? null : 'unknown';
    message = before;
  }
}

/** Whether nothing was before a message. An archive does not keep what its writer expected. */
function isBeginning(message: StoredMessage): boolean {
  if (message.expected !== null) return message.expected === 0;
  const record = readable(message);
  return record !== undefined && firstDifference([record]) === undefined;
}

function pastSlot({ subject, sequence }: StoredMessage, { event, state }: SlotRecord): PastSlot {
  const { offer, allocation, pending, agentLost, fence } = state.context;
  return {
    id: nameOf(subject),
    fleet: offer?.fleet ?? null,
    status: statusOf(state),
    phase: phaseOf(state),
    buildConfiguration: offer?.buildConfiguration ?? null,
    address: offer?.address ?? null,
    pending,
    agentLost,
    allocation: allocation && {
      allocationId: allocation.id,
      attempt: allocation.attempt,
      requestedBy: allocation.requestedBy,
      requestedAt: allocation.requestedAt,
    },
    claims: fence,
    sequence,
    event: event.type,
    at: event.at,
  };
}

function phaseOf({ value }: SlotState): PastSlot['phase'] {
  if (typeof value === 'string') return null;
  return 'available' in value ? value.available : value.allocated;
}

function byId({ id: one }: PastSlot, { id: other }: PastSlot): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
