import { archiveStreamName, JetStreamEventLog, slotStreamName } from '#jetstream';
import type { Clock } from '#kernel';
import type { NatsConnection } from '@nats-io/transport-node';
import type { History } from './index/claim-index.js';
import { indexedRecordCodec } from './index/indexed-record.js';

/** A region's log and archive; whether they are there shows when they are read. */
export async function openHistory(
  region: string,
  connection: NatsConnection,
  clock: Clock,
): Promise<History> {
  let onError: (error: unknown) => void = () => undefined;
  const broken = new Promise<never>((_, reject) => (onError = reject));
  broken.catch(() => undefined);
  const open = (stream: string) =>
    JetStreamEventLog.open(connection, { stream, codec: indexedRecordCodec, clock, onError });
  const [log, archive] = await Promise.all([
    open(slotStreamName(region)),
    open(archiveStreamName(region)),
  ]);
  return { region, log, archive, broken };
}
