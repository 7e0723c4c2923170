import { CannotStore, LogRefused, NotPermitted, errorMessage, TransientError } from '#kernel';
import { JetStreamApiError } from '@nats-io/jetstream';
import {
  ClosedConnectionError,
  ConnectionError,
  DrainingConnectionError,
  NoRespondersError,
  RequestError,
  TimeoutError,
} from '@nats-io/transport-node';
import { cannotStore, nobodyServes, storeFaultOf } from './store-faults.js';

/** After these errors it is unknown whether the server received the message. */
const unreachable = [
  TimeoutError,
  NoRespondersError,
  ClosedConnectionError,
  DrainingConnectionError,
  ConnectionError,
];

/**
 * JetStream's own "not now" (nats-server server/errors.json): 10008 temporarily unavailable, 10009
 * the cluster cannot handle the request.
 */
const notNow: ReadonlySet<number> = new Set([10008, 10009]);

export function isNotNow(code: number): boolean {
  return notNow.has(code);
}

/** Whether the request may have arrived, or may still take effect. */
export function isUnreachable(error: unknown): boolean {
  if (unreachable.some((kind) => error instanceof kind)) return true;
  if (!(error instanceof Error)) return false;
  // The client wraps the original error in a RequestError, or in an error of its JetStream part.
  if (error.cause !== undefined) return isUnreachable(error.cause);
  return error instanceof RequestError;
}

/** What was asked for, for the error that says why it is not to be had. */
interface Wanted {
  readonly stream?: string;
  /** What a stream is to reserve. */
  readonly needBytes?: number | undefined;
}

/**
 * Awaits an answer of JetStream's API.
 *
 * @throws {CannotStore} the server's storage is full, or JetStream is disabled.
 * @throws {TransientError} there was no answer, or the answer was "not now".
 * @throws {LogRefused} JetStream refused.
 * @throws {NotPermitted} the permissions do not allow the question.
 */
export async function reach<T>(answer: Promise<T>, wanted?: Wanted): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    // The connection is there, but nothing listens where JetStream would.
    if (causedBy(error, NoRespondersError)) {
      throw cannotStore('disabled', nameOf(wanted), { cause: error });
    }
    throw failureOf(error, wanted);
  }
}

/**
 * Awaits the answer of a direct get.
 *
 * @throws as `reach`; that nobody answers can also mean that there is no such stream.
 */
export async function reachDirect<T>(answer: Promise<T>, stream: string): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (causedBy(error, NoRespondersError)) throw nobodyServes(stream, error);
    throw failureOf(error, { stream });
  }
}

export function failureOf(error: unknown, wanted?: Wanted): Error {
  const refusal = refusalIn(error);
  if (refusal !== undefined) return refusal;
  if (error instanceof CannotStore) return error;
  const options = { cause: error };
  if (error instanceof JetStreamApiError) {
    const fault = storeFaultOf(error.code);
    if (fault !== undefined) {
      return cannotStore(fault, nameOf(wanted), { needBytes: wanted?.needBytes, ...options });
    }
    return isNotNow(error.code)
      ? new TransientError(error.message, options)
      : new LogRefused(error.code, error.message, options);
  }
  if (isUnreachable(error)) return new TransientError('JetStream does not answer', options);
  return new LogRefused('unsent', errorMessage(error), options);
}

/** The client's JetStream part wraps what a request throws. */
function refusalIn(error: unknown): NotPermitted | undefined {
  if (error instanceof NotPermitted) return error;
  return error instanceof Error && error.cause !== undefined ? refusalIn(error.cause) : undefined;
}

function nameOf(wanted: Wanted | undefined): string {
  return wanted?.stream === undefined ? 'the log' : `stream ${wanted.stream}`;
}

/** The client wraps the original error, sometimes twice. */
export function causedBy(error: unknown, kind: abstract new (...rest: never[]) => Error): boolean {
  if (error instanceof kind) return true;
  return error instanceof Error && error.cause !== undefined && causedBy(error.cause, kind);
}
