import { LogRefused, NotPermitted, errorMessage, TransientError } from '#kernel';
import { JetStreamApiError } from '@nats-io/jetstream';
import {
  ClosedConnectionError,
  ConnectionError,
  DrainingConnectionError,
  NoRespondersError,
  RequestError,
  TimeoutError,
} from '@nats-io/transport-node';

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

/**
 * Awaits an answer of JetStream's API.
 *
 * @throws {TransientError} there was no answer, or the answer was "not now".
 * @throws {LogRefused} JetStream refused.
 * @throws {NotPermitted} the permissions do not allow the question.
 */
export async function reach<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw failureOf(error);
  }
}

export function failureOf(error: unknown): Error {
  const refusal = refusalIn(error);
  if (refusal !== undefined) return refusal;
  const options = { cause: error };
  if (error instanceof JetStreamApiError) {
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
