import type { Codec, LogRecord } from '#kernel';
import type { SlotEventType } from '#slot';
import { slotRecordCodec, type SlotRecord } from '#wire';

/** What the index needs of an event; `record` is missing if the event changes no claim. */
export interface IndexedRecord extends LogRecord {
  /** When it was recorded (epoch ms). */
  readonly at: number;
  readonly record?: SlotRecord;
}

/**
 * Events during which a slot keeps the session that it has, and has none if it had none. Half of all
 * events are of these types. They are told by the first bytes, and not parsed: parsing is most of the
 * work of building an index. Every other type is read, and goes by the state it led to.
 */
const UNCHANGING: ReadonlySet<string> = new Set<SlotEventType>([
  'ProcessStarted',
  'ProcessStopped',
  'WentActive',
  'WentIdle',
  'SlotCleared',
  'WarmthSet',
  'ConfigurationAssigned',
  'HoldSet',
]);

/** The beginning of an event, as `slotRecordCodec` prints it. */
const HEAD =
  /^\{"specversion":"1\.0","id":"([^"\\]+)","source":"[^"\\]*","type":"berth\.slot\.(\w+)","subject":"([^"\\]*)","time":"([^"\\]+)"/;
const HEAD_BYTES = 512;

/** Reads what the index needs of events; it writes none. */
export const indexedRecordCodec: Codec<IndexedRecord> = {
  contentType: slotRecordCodec.contentType,
  encode(): Uint8Array {
    throw new Error('an auditor writes no events');
  },
  decode(subject, body) {
    const [, id, type = '', on, time = ''] = HEAD.exec(headOf(body)) ?? [];
    if (id !== undefined && on === subject && UNCHANGING.has(type)) {
      return { id, at: Date.parse(time) };
    }
    const record = slotRecordCodec.decode(subject, body);
    return { id: record.id, at: record.event.at, record };
  },
};

function headOf(body: Uint8Array): string {
  const length = Math.min(body.length, HEAD_BYTES);
  return Buffer.from(body.buffer, body.byteOffset, length).toString('latin1');
}
