import { LogRefused, type EventLog, type LogItem, type ReadFrom } from '#kernel';
import type { SlotRef } from '#slot';
import { slotsSubject, slotSubject, type SlotRecord } from '#wire';
import { currentCaller } from '../../auth/caller.js';
import { eventJson } from './event-json.js';

/**
 * The sources of a region's history: the archive, if there is one, has what the log has forgotten.
 */
export interface Histories {
  readonly log: EventLog<SlotRecord>;
  readonly archive?: EventLog<SlotRecord> | undefined;
}

/** Every matching event after a sequence, in order, as far back as there are any. */
export async function* historyOf(
  { log, archive }: Histories,
  filter: string,
  after: number,
): AsyncGenerator<LogItem<SlotRecord>, void> {
  let last = after;
  try {
    for await (const item of archive?.read(filter, { sequence: after + 1 }) ?? []) {
      yield item;
      last = item.sequence;
    }
  } catch (error) {
    // A region need not have an archive.
    if (!(error instanceof LogRefused)) throw error;
  }
  // The archive lags a moment behind the log.
  yield* log.read(filter, { sequence: last + 1 });
}

/**
 * Every event of a region from a place or an instant on, in order, as far back as there are any; only
 * those that mention a text, if there is one.
 */
export async function* regionHistory(
  { log, archive }: Histories,
  region: string,
  from: ReadFrom,
  text?: string,
): AsyncGenerator<LogItem<SlotRecord>, void> {
  const filter = slotsSubject(region);
  let archived = 0;
  try {
    archived = (await archive?.end()) ?? 0;
    if (archived > 0) yield* archive?.read(filter, from, text) ?? [];
  } catch (error) {
    // A region need not have an archive.
    if (!(error instanceof LogRefused)) throw error;
  }
  // The archive lags a moment behind the log.
  const isBehind = 'at' in from || from.sequence <= archived;
  yield* log.read(filter, archived > 0 && isBehind ? { sequence: archived + 1 } : from, text);
}

/** A page of one slot's history, oldest first; `next` is the `after` of the next page. */
export async function eventsOf(
  histories: Histories,
  ref: SlotRef,
  { after, limit }: { readonly after: number; readonly limit: number },
) {
  const items: LogItem<SlotRecord>[] = [];
  let next: number | undefined;
  for await (const item of historyOf(histories, slotSubject(ref), after)) {
    if (items.length === limit) {
      next = items.at(-1)?.sequence;
      break;
    }
    items.push(item);
  }
  const reader = currentCaller();
  return { events: items.map((item) => eventJson(item, reader)), next };
}
