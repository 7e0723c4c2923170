import { printJson } from '#json';
import { statusOf } from '#slot';
import type { SlotRecord } from '#wire';
import { whyOf } from '../story/why.js';
import { nameOf } from '../verify/finding.js';

/** The columns of an export as a table, each with what is in it. */
export interface ExportedRow {
  readonly sequence: number;
  /** Epoch ms. */
  readonly at: number;
  readonly slot: string;
  readonly fleet: string | null;
  readonly event: string;
  /** The status that the event led to. */
  readonly status: string;
  /** Of the session that the event belongs to. */
  readonly allocation: string | null;
  readonly attempt: number | null;
  /** Who wanted it. */
  readonly by: string | null;
  readonly why: string;
  /** Who wrote it. */
  readonly source: string;
  /** All that the event says, as JSON. */
  readonly data: string;
}

/** An event as a row, for spreadsheets and databases. */
export function exportedRow(
  { subject, sequence }: { readonly subject: string; readonly sequence: number },
  { event, state, source }: SlotRecord,
): ExportedRow {
  const { type, at, ...data } = event;
  const { allocation, lastEnd, offer } = state.context;
  const isEnd = lastEnd !== null && lastEnd.at === at && lastEnd.by === type;
  return {
    sequence,
    at,
    slot: nameOf(subject),
    fleet: offer?.fleet ?? null,
    event: type,
    status: statusOf(state),
    allocation: allocation?.id ?? (isEnd ? lastEnd.allocationId : null),
    attempt: allocation?.attempt ?? (isEnd ? lastEnd.attempt : null),
    by: 'by' in event ? event.by : 'requestedBy' in event ? event.requestedBy : null,
    why: whyOf(type, data),
    source,
    data: printJson(data),
  };
}
