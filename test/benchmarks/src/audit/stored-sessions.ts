import { storedLog } from '#testing';
import { headers, type NatsConnection } from '@nats-io/transport-node';
import { storeMessages } from '../stored-messages.js';

export const REGION = 'eu';
export const SLOTS = 1_000;
/** On average: a session of this log has three to five events, and one in ten fails. */
const EVENTS_PER_SESSION = 4.8;
const EXPECTED = 'Nats-Expected-Last-Subject-Sequence';

/**
 * Stores a log with about so many events, as allocators write it. Returns how many events there are,
 * and how many sessions each slot has.
 */
export async function storeSessions(to: NatsConnection, wanted: number) {
  const sessions = Math.ceil(wanted / SLOTS / EVENTS_PER_SESSION);
  return { events: await storeMessages(to, REGION, messagesOf(sessions)), sessions };
}

function* messagesOf(sessions: number) {
  for (const message of storedLog({ region: REGION, slots: SLOTS, sessions })) {
    const said = headers();
    said.set(EXPECTED, String(message.expected));
    if (message.deduplicationId !== null) said.set('Nats-Msg-Id', message.deduplicationId);
    yield { ...message, headers: said };
  }
}
