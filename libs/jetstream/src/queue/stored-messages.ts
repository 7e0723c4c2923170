import { LogRefused, TransientError } from '#kernel';
import type { StoredOutcome } from '#wire';
import {
  jetstreamManager,
  type DirectBatchOptions,
  type JetStreamManager,
  type StoredMsg,
} from '@nats-io/jetstream';
import type { MsgHdrs, NatsConnection } from '@nats-io/transport-node';
import { failureOf, reach, reachDirect } from '../connection/failures.js';
import { nobodyServes } from '../connection/store-faults.js';
import { verdictOf } from '../log/verdict.js';

/** How long one attempt of any operation waits (ms). */
export const ANSWER_MS = 5_000;

/** The status of a direct get that matches nothing. */
const NOT_FOUND = 404;

/** The status with which nats-server says that nobody listens. */
const NOBODY = 503;

/** There is no such message (nats-server server/errors.json). */
const GONE: ReadonlySet<number | string> = new Set([10037, 10043]);

/**
 * Publishes to a stream; resolves with the sequence once it is stored.
 *
 * @throws {TransientError} it is not known whether it is stored.
 * @throws {CannotStore | LogRefused | NotPermitted}
 */
export async function store(
  connection: NatsConnection,
  subject: string,
  body: Uint8Array,
  withHeaders?: MsgHdrs,
): Promise<number> {
  const options = { timeout: ANSWER_MS, ...(withHeaders && { headers: withHeaders }) };
  const answer = await connection.request(subject, body, options).catch((error: unknown) => {
    throw failureOf(error);
  });
  const verdict = verdictOf(answer.data);
  if (verdict.kind === 'stored' || verdict.kind === 'duplicate') return verdict.sequence;
  throw new TransientError(`${subject}: it is not known whether it was stored (${verdict.kind})`);
}

/** Reads a batch, with a callback: without one the client never ends its subscription. */
export async function readBatch(
  manager: JetStreamManager,
  stream: string,
  options: DirectBatchOptions,
): Promise<readonly StoredOutcome[]> {
  const reading = new Promise<readonly StoredOutcome[]>((resolve, reject) => {
    const found: StoredOutcome[] = [];
    const callback = (done: { readonly err?: Error } | null, { seq, data }: StoredMsg) => {
      if (done === null) found.push({ sequence: seq, body: data });
      else if (done.err === undefined || hasCode(done.err, NOT_FOUND)) resolve(found);
      else reject(hasCode(done.err, NOBODY) ? nobodyServes(stream, done.err) : done.err);
    };
    manager.direct.getBatch(stream, { ...options, callback }).catch(reject);
  });
  return reachDirect(reading, stream);
}

/**
 * Overwrites a message in the store's file with random bytes, and removes it from its stream; once it
 * is gone that is no error. Throws as `store`.
 */
export async function eraseFrom(
  connection: NatsConnection,
  stream: string,
  sequence: number,
): Promise<void> {
  const manager = await jetstreamManager(connection, { checkAPI: false, timeout: ANSWER_MS });
  try {
    await reach(manager.streams.deleteMessage(stream, sequence, true));
  } catch (error) {
    // Of a message that is gone, nats-server says only that it could not be deleted.
    if (!(error instanceof LogRefused) || (await isStored(manager, stream, sequence))) throw error;
  }
}

async function isStored(manager: JetStreamManager, stream: string, sequence: number) {
  return (await readMessage(manager, stream, { seq: sequence })) !== undefined;
}

/** Reads one message from the stream's leader; undefined if there is none. Throws as `store`. */
export async function readMessage(
  manager: JetStreamManager,
  stream: string,
  which: { readonly seq: number } | { readonly last_by_subj: string },
): Promise<Uint8Array | undefined> {
  try {
    return (await reach(manager.streams.getMessage(stream, which)))?.data;
  } catch (error) {
    if (error instanceof LogRefused && GONE.has(error.code)) return undefined;
    throw error;
  }
}

function hasCode(error: Error, code: number): boolean {
  return 'code' in error && error.code === code;
}
