import { LogRefused, type EventLog, type LogItem, type ReadFrom } from '#kernel';
import type { SlotRef } from '#slot';
import { slotSubject, type SlotRecord } from '#wire';
import { currentCaller } from '../../auth/caller.js';
import { eventJson } from './event-json.js';

/**
 * The sources of a region's history: the archive, if there is one, has what the log has forgotten.
 */
export interface Histories {
  readonly log: EventLog<SlotRecord>;
  readonly archive?: EventLog<SlotRecord> | undefined;
}

/**
 * Every matching event from a place or an instant on, in order and each once, as far back as there
 * are any; only those that mention a text, if there is one.
 */
export async function* historyOf(
  { log, archive }: Histories,
  filter: string,
  from: ReadFrom,
  text?: string,
): AsyncGenerator<LogItem<SlotRecord>, void> {
  let archived = 0;
  try {
    let end = (await archive?.end()) ?? 0;
    for await (const item of archive?.read(filter, from, text) ?? []) {
      yield item;
      end = Math.max(end, item.sequence);
    }
    archived = end;
  } catch (error) {
    // A region need not have an archive.
    if (!(error instanceof LogRefused)) throw error;
  }
  // The archive lags a moment behind the log.
  const isBehind = archived > 0 && ('at' in from || from.sequence <= archived);
  yield* log.read(filter, isBehind ? { sequence: archived + 1 } : from, text);
}

/** Which part of a slot's history is wanted. */
interface Part {
  /** Only events behind this sequence. */
  readonly after: number;
  readonly limit: number;
  /** Only so many of the last ones. */
  readonly last?: number | undefined;
}

/** A page of one slot's history, oldest first; `next` is the `after` of the next page. */
export async function eventsOf(histories: Histories, ref: SlotRef, part: Part) {
  const { after, limit, last } = part;
  const reader = currentCaller();
  if (last !== undefined) {
    const items = await lastOf(histories, slotSubject(ref), after, last);
    return { events: items.map((item) => eventJson(item, reader)) };
  }
  const items: LogItem<SlotRecord>[] = [];
  let next: number | undefined;
  for await (const item of historyOf(histories, slotSubject(ref), { sequence: after + 1 })) {
    if (items.length === limit) {
      next = items.at(-1)?.sequence;
      break;
    }
    items.push(item);
  }
  return { events: items.map((item) => eventJson(item, reader)), next };
}

/** Among so many events of all slots the last ones of one are looked for at first, then among more. */
const BACK = 4_096;
const BACK_GROWTH = 16;

/** The last events of a subject behind a sequence, at most so many: they are read from the end on. */
async function lastOf(
  histories: Histories,
  subject: string,
  after: number,
  most: number,
): Promise<readonly LogItem<SlotRecord>[]> {
  const end = await histories.log.end();
  for (let back = BACK; ; back *= BACK_GROWTH) {
    const sequence = Math.max(after + 1, end - back);
    let items: LogItem<SlotRecord>[] = [];
    for await (const item of historyOf(histories, subject, { sequence })) {
      items.push(item);
      if (items.length >= 2 * most) items = items.slice(-most);
    }
    if (items.length >= most || sequence === after + 1) return items.slice(-most);
  }
}
