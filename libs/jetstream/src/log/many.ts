import { TransientError, type Cancel } from '#kernel';
import type { Msg } from '@nats-io/transport-node';
import { ConnectionWatch } from '../connection/connection-watch.js';
import { failureOf } from '../connection/failures.js';
import { headersOf } from './headers.js';
import { Silence } from './silence.js';
import { newInbox, type Delivered, type StreamAccess } from './delivery.js';

/** The messages that follow each other from a place on, of subjects that match. */
interface Following {
  readonly seq?: number;
  readonly start_time?: string;
  readonly next_by_subj: string;
  readonly batch: number;
  readonly max_bytes: number;
}

/** Which last messages: of subjects that match, and until a sequence. */
export interface LastOfMany {
  readonly multi_last: readonly string[];
  readonly up_to_seq?: number;
}

/** One of the messages of an answer. */
interface Answered extends Delivered {
  /** Sequence of the message of the same answer before it; 0 for the first. */
  readonly before: number;
}

/**
 * How an answer of many messages ended: they were all, or there are more of them, or none match, or
 * too many do.
 */
type End = 'all' | 'more' | 'none' | 'too many';

/**
 * One direct get that many messages answer. Any copy of the stream may answer, so what it has can be
 * slightly old.
 *
 * @throws {TransientError} the answer is missing or incomplete.
 * @throws {NotPermitted}
 */
export function askForMany(
  access: StreamAccess,
  request: Following | LastOfMany,
  take: (message: Answered) => void,
): Promise<End> {
  const { connection, stream, clock } = access;
  const watch = ConnectionWatch.of(connection);
  const subject = `$JS.API.DIRECT.GET.${stream}`;
  return new Promise((resolve, reject) => {
    const undo: Cancel[] = [];
    const end = (settle: () => void) => {
      for (const cancel of undo.splice(0)) cancel();
      settle();
    };
    const fail = (error: unknown) => {
      const isTold = error instanceof TransientError;
      end(() => reject(isTold ? error : failureOf(watch.refusalIn(error) ?? error)));
    };
    const silence = new Silence(clock, () => {
      fail(new TransientError('the answer to a direct get is incomplete'));
    });
    undo.push(() => silence.stop());
    const receive = (message: Msg) => {
      const body = message.data;
      // Parsing the headers of each message takes longer than all the rest.
      const code = body.length > 0 ? 0 : (message.headers?.code ?? 0);
      if (code === 0) {
        silence.heard();
        return take(readStored(body, message));
      }
      const ended = endOf(code, message);
      if (ended === undefined) throw new TransientError(`a direct get was answered with ${code}`);
      end(() => resolve(ended));
    };
    try {
      const reply = newInbox(access);
      const callback = (error: Error | null, message: Msg) => {
        try {
          if (error !== null) throw error;
          receive(message);
        } catch (failure) {
          fail(failure);
        }
      };
      const subscription = connection.subscribe(reply, { callback });
      undo.push(() => subscription.unsubscribe());
      undo.push(watch.on('refused', (one) => one.subject === subject && fail(one)));
      connection.publish(subject, JSON.stringify(request), { reply });
    } catch (error) {
      fail(error);
    }
  });
}

function endOf(code: number, { headers }: Msg): End | undefined {
  if (code === 404) return 'none';
  if (code === 413) return 'too many';
  if (code !== 204) return undefined;
  return Number(headers?.get('Nats-Num-Pending') || 0) === 0 ? 'all' : 'more';
}

function readStored(body: Uint8Array, message: Msg): Answered {
  const headerOf = headersOf(body, message);
  return {
    subject: headerOf('Nats-Subject'),
    sequence: Number(headerOf('Nats-Sequence')),
    before: Number(headerOf('Nats-Last-Sequence')),
    body,
    headers: () => headerOf,
  };
}
