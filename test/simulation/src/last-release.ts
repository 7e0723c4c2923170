import { readItem, type LogItem } from '#kernel';
import { slotRecordCodec, type SlotRecord } from '#wire';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Every event that version 0.2.0 writes, with all members that it knows. */
const RECORDED = 'test/histories/0.2.0';

/** Members whose content is not Berth's: it is kept as it is. */
const OPEN = new Set(['attributes', 'ports', 'payload', 'answer']);

type Json = Readonly<Record<string, unknown>>;

interface Document extends Json {
  readonly type: string;
  readonly data: { readonly event: Json; readonly state: Json };
}

/** Paths of the members that version 0.2.0 knows, under the type of an event or `state`. */
const known = new Set<string>();
const types = new Set<string>();

for (const file of readdirSync(RECORDED)) {
  for (const line of readFileSync(join(RECORDED, file), 'utf8').trim().split('\n')) {
    const { type, data } = JSON.parse(line) as Document;
    types.add(type);
    learn(data.event, type);
    learn(data.state, 'state');
  }
}

function learn(value: unknown, path: string): void {
  if (Array.isArray(value)) value.forEach((one) => learn(one, path));
  else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) {
      known.add(`${path}.${key}`);
      if (!OPEN.has(key)) learn(inner, `${path}.${key}`);
    }
  }
}

/** Leaves out what version 0.2.0 does not know. */
function pruned(value: unknown, path: string): unknown {
  if (Array.isArray(value)) return value.map((one) => pruned(one, path));
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([key]) => known.has(`${path}.${key}`));
  return Object.fromEntries(
    kept.map(([key, inner]) => [key, OPEN.has(key) ? inner : pruned(inner, `${path}.${key}`)]),
  );
}

const read = new WeakMap<SlotRecord, LogItem<SlotRecord>>();

/** What a process of version 0.2.0 makes of an item of the log. */
export function asReadByLast(item: LogItem<SlotRecord>): LogItem<SlotRecord> {
  if (item.kind === 'unreadable') return item;
  const found = read.get(item.record) ?? reread(item.subject, item.sequence, item.record);
  read.set(item.record, found);
  return { ...found, sequence: item.sequence };
}

/** The record as version 0.2.0 writes it; `unkept` is a member that it leaves out as well. */
export function asWrittenByLast(subject: string, record: SlotRecord, unkept?: string): SlotRecord {
  const { context } = record.state;
  const kept = unkept === undefined ? context : { ...context, [unkept]: 0 };
  const item = reread(subject, 0, { ...record, state: { ...record.state, context: kept } });
  // Its code knows no other events, so it writes none.
  if (item.kind === 'unreadable') throw new Error(`${record.event.type}: ${item.reason}`);
  return item.record;
}

function reread(subject: string, sequence: number, record: SlotRecord): LogItem<SlotRecord> {
  const text = Buffer.from(slotRecordCodec.encode(subject, record)).toString();
  const { crc32: _, ...document } = JSON.parse(text) as Document & { readonly crc32: string };
  const { type, data } = document;
  if (!types.has(type))
    return { kind: 'unreadable', subject, sequence, reason: `what is ${type}?` };
  const event = pruned(data.event, type);
  const state = pruned(data.state, 'state');
  const body = Buffer.from(JSON.stringify({ ...document, data: { event, state } }));
  return readItem(slotRecordCodec, subject, sequence, body);
}
