import { readItem } from '#kernel';
import { slotStreamName } from '#jetstream';
import { slotRecordCodec } from '#wire';
import { jetstream, jetstreamManager, type JsMsg } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import type { StoredEvent } from './inspector.js';

/** Number of messages requested in advance. */
const AHEAD_MAX = 2_000;

/** The whole log as it is stored, including headers, which show what each writer expected. */
export async function* readStoredLog(
  connection: NatsConnection,
  region: string,
): AsyncGenerator<StoredEvent, void> {
  const stream = slotStreamName(region);
  const manager = await jetstreamManager(connection);
  const { state } = await manager.streams.info(stream);
  if (state.messages === 0) return;
  const consumer = await jetstream(connection).consumers.get(stream);
  for await (const message of await consumer.consume({ max_messages: AHEAD_MAX })) {
    yield storedEvent(message);
    if (message.seq >= state.last_seq) return;
  }
}

function storedEvent({ subject, seq: sequence, time, data, headers }: JsMsg): StoredEvent {
  const item = readItem(slotRecordCodec, subject, sequence, data);
  const expected = headers?.get('Nats-Expected-Last-Subject-Sequence');
  return {
    subject,
    sequence,
    storedAt: time.getTime(),
    expected: expected ? Number(expected) : null,
    deduplicationId: headers?.get('Nats-Msg-Id') || null,
    isSealed: slotRecordCodec.originOf(data) !== undefined,
    record: item.kind === 'recorded' ? item.record : null,
  };
}
