import { ensureStream, slotStreamConfig, slotStreamName } from '#jetstream';
import { storedLog } from '#testing';
import { jetstreamManager } from '@nats-io/jetstream';
import { headers, type NatsConnection } from '@nats-io/transport-node';

export const REGION = 'eu';
export const SLOTS = 1_000;
/** On average: a session of this log has three to five events, and one in ten fails. */
const EVENTS_PER_SESSION = 4.8;
/** Published before the server is asked whether it keeps up. */
const CHUNK = 5_000;
const EXPECTED = 'Nats-Expected-Last-Subject-Sequence';

/**
 * Stores a log with about so many events, as allocators do, but without waiting for each answer.
 * Returns how many events there are, and how many sessions each slot has.
 */
export async function storeSessions(to: NatsConnection, wanted: number) {
  await ensureStream(to, slotStreamConfig(REGION));
  const manager = await jetstreamManager(to);
  const sessions = Math.ceil(wanted / SLOTS / EVENTS_PER_SESSION);
  let events = 0;
  for (const message of storedLog({ region: REGION, slots: SLOTS, sessions })) {
    const { subject, body, expected, deduplicationId, sequence } = message;
    const said = headers();
    said.set(EXPECTED, String(expected));
    if (deduplicationId !== null) said.set('Nats-Msg-Id', deduplicationId);
    to.publish(subject, body, { headers: said });
    events = sequence;
    if (events % CHUNK === 0) await stored(events);
  }
  await stored(events);
  return { events, sessions };

  async function stored(sequence: number): Promise<void> {
    while ((await manager.streams.info(slotStreamName(REGION))).state.last_seq < sequence);
  }
}
