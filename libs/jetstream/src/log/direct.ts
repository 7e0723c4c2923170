import { TransientError } from '#kernel';
import type { StoredMsg } from '@nats-io/jetstream';
import type { Msg } from '@nats-io/transport-node';
import { newInbox, type Delivered, type StreamAccess } from './delivery.js';
import { ConnectionWatch } from '../connection/connection-watch.js';
import { failureOf, reach } from '../connection/failures.js';
import { SILENCE_MS } from '../connection/retry.js';

/** A stored message as a direct get returns it. */
export type Stored = Pick<Delivered, 'subject' | 'sequence' | 'body'>;

/** The most requests for last messages that are made at the same time. */
const ASKED_MAX = 32;

/**
 * The last message of each matching subject, read with one request and without a consumer: a
 * thousand agents that reconnect together must not create a thousand consumers. Any copy of the
 * stream may answer, so the result can be slightly old.
 *
 * For an exact filter the request carries it in its own subject, so that permissions can limit a
 * client to its own subjects.
 *
 * @returns undefined if there are too many for one answer (1,024, nats-server 2.11 to 2.15).
 * @throws {TransientError} the answer is missing or incomplete.
 * @throws {NotPermitted}
 */
export async function lastOfEach(
  access: StreamAccess,
  filter: string,
): Promise<readonly Stored[] | undefined> {
  if (isPattern(filter)) return lastOfMany(access, { multi_last: [filter] });
  const found = await lastOf(access, filter);
  return found === undefined ? [] : [found];
}

/** The last message of one subject, which the request names in its own subject. */
export async function lastOf(
  { manager, stream }: StreamAccess,
  subject: string,
): Promise<Stored | undefined> {
  return deliveredBy(await reach(manager.direct.getMessage(stream, { last_by_subj: subject })));
}

/** The first message that matches a filter, at a sequence or after it. */
export async function firstOf(
  { manager, stream }: StreamAccess,
  filter: string,
  sequence = 1,
): Promise<Delivered | undefined> {
  const request = { seq: Math.max(sequence, 1), next_by_subj: filter };
  return deliveredBy(await reach(manager.direct.getMessage(stream, request)));
}

/**
 * The last messages that exact subjects, 1,000 at most, had until a sequence. A mirror that answers has
 * left out what the writers expected.
 *
 * @throws {TransientError} the answer is missing or incomplete.
 * @throws {NotPermitted}
 */
export async function lastUntil(
  access: StreamAccess,
  subjects: readonly string[],
  up_to_seq: number,
): Promise<readonly Delivered[]> {
  const found = await lastOfMany(access, { multi_last: subjects, up_to_seq });
  if (found !== undefined) return found;
  // The server ends an answer of more bytes than a connection may wait for (64 MB).
  const half = Math.ceil(subjects.length / 2);
  if (half === subjects.length) throw new TransientError('a direct get was answered in part');
  const halves = [subjects.slice(0, half), subjects.slice(half)];
  const [first = [], second = []] = await Promise.all(
    halves.map((one) => lastUntil(access, one, up_to_seq)),
  );
  return [...first, ...second];
}

/** A message that the client got, in the form in which consumers deliver it. */
function deliveredBy(found: StoredMsg | null): Delivered | undefined {
  if (found === null) return undefined;
  const { subject, seq: sequence, data: body, header: headers } = found;
  return { subject, sequence, body, message: { headers } };
}

/** The last messages of exact subjects: one request for each, several at the same time. */
export async function* lastOfSubjects(
  access: StreamAccess,
  subjects: readonly string[],
): AsyncGenerator<Stored, void> {
  for (let from = 0; from < subjects.length; from += ASKED_MAX) {
    const asked = subjects.slice(from, from + ASKED_MAX).map((subject) => lastOf(access, subject));
    for (const found of await Promise.all(asked)) if (found !== undefined) yield found;
  }
}

export function isPattern(filter: string): boolean {
  return filter.split('.').some((token) => token === '*' || token === '>');
}

/** Which last messages: of subjects that match, and until a sequence. */
interface LastOfMany {
  readonly multi_last: readonly string[];
  readonly up_to_seq?: number;
}

function lastOfMany(
  access: StreamAccess,
  request: LastOfMany,
): Promise<readonly Delivered[] | undefined> {
  const { connection, stream, clock } = access;
  const watch = ConnectionWatch.of(connection);
  return new Promise((resolve, reject) => {
    const found: Delivered[] = [];
    const silence = () =>
      end(() => reject(new TransientError('the answer to a direct get is incomplete')));
    let cancel = clock.after(SILENCE_MS, silence);
    const end = (settle: () => void) => {
      cancel();
      unwatch();
      subscription.unsubscribe();
      settle();
    };
    const take = (error: Error | null, message: Msg) => {
      if (error !== null) return end(() => reject(failureOf(watch.refusalIn(error) ?? error)));
      const { headers } = message;
      switch (headers?.code) {
        case undefined:
        case 0:
          cancel();
          cancel = clock.after(SILENCE_MS, silence);
          found.push(readStored(message));
          return;
        case 204: // end of the batch; what is pending did not fit into it
          return end(() => resolve(isWhole(message) ? found : undefined));
        case 404: // none match
          return end(() => resolve([]));
        case 413: // too many match
          return end(() => resolve(undefined));
        default:
          return end(() =>
            reject(new TransientError(`a direct get was answered with ${headers?.code}`)),
          );
      }
    };
    const inbox = newInbox(access);
    const subscription = connection.subscribe(inbox, { callback: take });
    const subject = `$JS.API.DIRECT.GET.${stream}`;
    const unwatch = watch.on('refused', (refusal) => {
      if (refusal.subject === subject) end(() => reject(refusal));
    });
    connection.publish(subject, JSON.stringify(request), { reply: inbox });
  });
}

function isWhole({ headers }: Msg): boolean {
  return Number(headers?.get('Nats-Num-Pending') || 0) === 0;
}

function readStored(message: Msg): Delivered {
  const { headers, data: body } = message;
  const subject = headers?.get('Nats-Subject') ?? '';
  return { subject, sequence: Number(headers?.get('Nats-Sequence')), body, message };
}
