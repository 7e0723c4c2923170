import type { StoredMessage } from '#kernel';
import type { SlotRecord } from '#wire';
import { readable, STORED_LATE_MS } from '../past/date-of.js';
import { ASKED_MAX, PastSources, type PastSource } from '../past/past-source.js';
import { nameOf } from '../verify/finding.js';
import type { KeptLog } from '../verify/kept-log.js';
import { sessionIn } from './session-in.js';

/** Which events are exported; what is undefined limits nothing. */
export interface Selection {
  /** Epoch ms. */
  readonly from?: number | undefined;
  /** Epoch ms. */
  readonly to?: number | undefined;
  readonly fleet?: string | undefined;
  /** `region.agent.slot` */
  readonly slot?: string | undefined;
  /** Events of slots while they belong to this allocation. */
  readonly allocation?: string | undefined;
}

/** An event of a selection; the record is undefined where it cannot be read. */
export interface Selected {
  readonly message: StoredMessage;
  readonly record: SlotRecord | undefined;
}

/**
 * The events of a selection in the order of the log. If it has a beginning, each slot's last event
 * before it comes first, so that a copy shows the slots as they stood.
 */
export async function* selected(
  kept: KeptLog,
  sources: readonly PastSource[],
  selection: Selection,
): AsyncGenerator<Selected, void> {
  const { from, to = Infinity } = selection;
  let after = 0;
  if (from !== undefined) {
    const past = new PastSources(sources);
    const begin = await past.sequenceAfter(from - 1, 0);
    after = begin - 1;
    for await (const message of standing(past, begin)) {
      const record = readable(message);
      if (isChosen(message, record, selection)) yield { message, record };
    }
  }
  for await (const messages of kept.read(after)) {
    for (const message of messages) {
      const record = readable(message);
      const at = record?.event.at ?? 0;
      if (at > to + STORED_LATE_MS) return;
      if (at <= to && isChosen(message, record, selection)) yield { message, record };
    }
  }
}

/** The last event of each slot before a sequence, in the order of the log. */
async function* standing(past: PastSources, begin: number): AsyncGenerator<StoredMessage, void> {
  const subjects = await past.subjects();
  const found: StoredMessage[] = [];
  for (let from = 0; from < subjects.length; from += ASKED_MAX) {
    found.push(...(await past.lastBefore(subjects.slice(from, from + ASKED_MAX), begin)).values());
  }
  yield* found.sort((one, other) => one.sequence - other.sequence);
}

function isChosen(
  { subject }: StoredMessage,
  record: SlotRecord | undefined,
  { fleet, slot, allocation }: Selection,
): boolean {
  return (
    (slot === undefined || nameOf(subject) === slot) &&
    (fleet === undefined || record?.state.context.offer?.fleet === fleet) &&
    (allocation === undefined || sessionIn(record)?.id === allocation)
  );
}
