import { JetStreamApiError, PubHeaders, type ApiError } from '@nats-io/jetstream';
import { createInbox, headers, type Msg, type NatsConnection } from '@nats-io/transport-node';

/**
 * Compare-and-set on one subject: resolves with the sequence of the stored message.
 *
 * @throws {JetStreamApiError} if it was not stored
 */
export type Append = (
  subject: string,
  body: string,
  lastSubjectSequence: number,
  id?: string,
) => Promise<number>;

interface Pending {
  resolve(sequence: number): void;
  reject(error: JetStreamApiError): void;
}

/**
 * Does what `js.publish` does, without its timer, race and `Error` object for each message. With
 * them a fifth fewer allocations go through, and the floor must not be easy to beat. An
 * acknowledgement that never comes is waited for until the benchmark ends.
 */
export function openLog(connection: NatsConnection): Append {
  const inbox = `${createInbox()}.`;
  const pending = new Map<string, Pending>();
  let count = 0;
  connection.subscribe(`${inbox}*`, { callback: (_, message) => settle(message) });

  return (subject, body, lastSubjectSequence, id) => {
    const reply = `${inbox}${(count += 1)}`;
    const expectations = headers();
    expectations.set(PubHeaders.ExpectedLastSubjectSequenceHdr, String(lastSubjectSequence));
    if (id !== undefined) expectations.set(PubHeaders.MsgIdHdr, id);
    return new Promise((resolve, reject) => {
      pending.set(reply, { resolve, reject });
      connection.publish(subject, body, { headers: expectations, reply });
    });
  };

  function settle(message: Msg): void {
    const append = pending.get(message.subject);
    pending.delete(message.subject);
    const answer = message.json<{ seq: number; error?: ApiError }>();
    if (answer.error === undefined) append?.resolve(answer.seq);
    else append?.reject(new JetStreamApiError(answer.error));
  }
}
