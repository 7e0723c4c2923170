import { TransientError } from '#kernel';
import type { StoredMsg } from '@nats-io/jetstream';
import type { Delivered, StreamAccess } from './delivery.js';
import { reach, reachDirect } from '../connection/failures.js';
import { headersOf } from './headers.js';
import { askForMany, type LastOfMany } from './many.js';

/** A stored message as a direct get returns it. */
export type Stored = Pick<Delivered, 'subject' | 'sequence' | 'body'>;

/** The most requests for last messages that are made at the same time. */
const ASKED_MAX = 32;

/** The most exact subjects of one request; the server answers for 1,024 (2.11 to 2.15). */
const SUBJECTS_MAX = 1_000;

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
  const asked = manager.direct.getMessage(stream, { last_by_subj: subject });
  return deliveredBy(await reachDirect(asked, stream));
}

/** The first message that matches a filter, at a sequence or after it. */
export async function firstOf(
  { manager, stream }: StreamAccess,
  filter: string,
  sequence = 1,
): Promise<Delivered | undefined> {
  const request = { seq: Math.max(sequence, 1), next_by_subj: filter };
  return deliveredBy(await reachDirect(manager.direct.getMessage(stream, request), stream));
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
  const { subject, seq: sequence, data: body, header } = found;
  return { subject, sequence, body, headers: () => headersOf(body, { headers: header }) };
}

/**
 * The last message of each matching subject, however many there are: the server lists the subjects
 * first.
 *
 * @throws {TransientError} an answer is missing or incomplete.
 * @throws {LogRefused | NotPermitted}
 */
export async function* lastOfListed(
  access: StreamAccess,
  filter: string,
): AsyncGenerator<Stored, void> {
  const { manager, stream } = access;
  const { state } = await reach(manager.streams.info(stream, { subjects_filter: filter }));
  const subjects = Object.keys(state.subjects ?? {});
  for (let from = 0; from < subjects.length; from += SUBJECTS_MAX) {
    yield* await lastUntil(access, subjects.slice(from, from + SUBJECTS_MAX), state.last_seq);
  }
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

/** Undefined if there are more than one answer has. */
async function lastOfMany(
  access: StreamAccess,
  request: LastOfMany,
): Promise<readonly Delivered[] | undefined> {
  const found: Delivered[] = [];
  const end = await askForMany(access, request, (message) => found.push(message));
  return end === 'all' || end === 'none' ? found : undefined;
}
