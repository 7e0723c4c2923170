import { printJson } from '#json';
import { statusOf } from '#slot';
import type { SlotRecord } from '#wire';
import { whyOf } from '../story/why.js';
import { whoAsked } from '../story/who-asked.js';
import { nameOf } from '../verify/finding.js';
import { sessionIn } from './session-in.js';

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
  record: SlotRecord,
): ExportedRow {
  const { event, state, source } = record;
  const { type, at, ...data } = event;
  const session = sessionIn(record);
  return {
    sequence,
    at,
    slot: nameOf(subject),
    fleet: state.context.offer?.fleet ?? null,
    event: type,
    status: statusOf(state),
    allocation: session?.id ?? null,
    attempt: session?.attempt ?? null,
    by: whoAsked(event) ?? null,
    why: whyOf(type, data),
    source,
    data: printJson(data),
  };
}
