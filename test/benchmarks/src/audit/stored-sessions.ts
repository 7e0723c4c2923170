import { slotStreamConfig, slotStreamName } from '#jetstream';
import type { StoredMessage } from '#kernel';
import { storedLog } from '#testing';
import { jetstreamManager } from '@nats-io/jetstream';
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
  const sessions = sessionsFor(wanted);
  return { events: await storeMessages(to, REGION, withHeaders(messagesOf(sessions))), sessions };
}

/**
 * Stores the same, with one byte of an event changed, two bodies of a slot swapped and an event dropped.
 * Returns the sequences of these, which a verification has to name.
 */
export async function storeDamaged(to: NatsConnection, wanted: number): Promise<readonly number[]> {
  const changed = Math.floor(wanted / 4);
  const swap = new Swap(2 * changed);
  const messages = swap.in(havingChanged(changed, messagesOf(sessionsFor(wanted))));
  const copy = { ...slotStreamConfig(REGION), deny_delete: false };
  await storeMessages(to, REGION, withHeaders(messages), copy);
  const dropped = 3 * changed;
  const manager = await jetstreamManager(to);
  await manager.streams.deleteMessage(slotStreamName(REGION), dropped);
  return [changed, ...swap.sequences, dropped];
}

const sessionsFor = (wanted: number) => Math.ceil(wanted / SLOTS / EVENTS_PER_SESSION);
const messagesOf = (sessions: number) => storedLog({ region: REGION, slots: SLOTS, sessions });

function* withHeaders(messages: Iterable<StoredMessage>) {
  for (const message of messages) {
    const said = headers();
    said.set(EXPECTED, String(message.expected));
    if (message.deduplicationId !== null) said.set('Nats-Msg-Id', message.deduplicationId);
    yield { ...message, headers: said };
  }
}

function* havingChanged(sequence: number, messages: Iterable<StoredMessage>) {
  for (const message of messages) {
    if (message.sequence === sequence) {
      const { body } = message;
      const id = Buffer.from(body).indexOf('"id":"') + '"id":"'.length;
      yield { ...message, body: body.with(id, 'X'.charCodeAt(0)) };
    } else yield message;
  }
}

/** Swaps the body of an event with that of the next one of its slot. */
class Swap {
  readonly sequences: number[] = [];

  constructor(private readonly from: number) {}

  *in(messages: Iterable<StoredMessage>): Generator<StoredMessage, void> {
    let held: StoredMessage[] = [];
    for (const message of messages) {
      const [first] = held;
      if (first === undefined && message.sequence !== this.from) yield message;
      else if (first?.subject !== message.subject) held.push(message);
      else {
        this.sequences.push(first.sequence, message.sequence);
        yield { ...first, body: message.body };
        yield* held.slice(1);
        yield { ...message, body: first.body };
        held = [];
      }
    }
  }
}
