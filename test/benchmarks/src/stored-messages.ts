import { ensureStream, slotStreamConfig, slotStreamName } from '#jetstream';
import type { StoredMessage } from '#kernel';
import { jetstreamManager } from '@nats-io/jetstream';
import type { MsgHdrs, NatsConnection } from '@nats-io/transport-node';

/** Published before the server is asked whether it keeps up. */
const CHUNK = 5_000;

interface Published extends Pick<StoredMessage, 'subject' | 'sequence' | 'body'> {
  readonly headers?: MsgHdrs;
}

/** Fills the log of a region, without waiting for each answer. Returns how many messages it has. */
export async function storeMessages(
  to: NatsConnection,
  region: string,
  messages: Iterable<Published>,
  config = slotStreamConfig(region),
): Promise<number> {
  await ensureStream(to, config);
  const manager = await jetstreamManager(to);
  const stored = async (sequence: number) => {
    while ((await manager.streams.info(slotStreamName(region))).state.last_seq < sequence);
  };
  let last = 0;
  for (const { subject, sequence, body, headers } of messages) {
    to.publish(subject, body, headers && { headers });
    last = sequence;
    if (last % CHUNK === 0) await stored(last);
  }
  await stored(last);
  return last;
}
