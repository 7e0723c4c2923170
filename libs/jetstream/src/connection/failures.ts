import { LogRefused, errorMessage, TransientError } from '#kernel';
import { JetStreamApiError } from '@nats-io/jetstream';
import {
  ClosedConnectionError,
  ConnectionError,
  DrainingConnectionError,
  NoRespondersError,
  RequestError,
  TimeoutError,
} from '@nats-io/transport-node';

/** Errors under which nobody can say whether the server saw what was sent. */
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

/** Whether the request may or may not have arrived, or come to something later. */
export function isUnreachable(error: unknown): boolean {
  if (unreachable.some((kind) => error instanceof kind)) return true;
  if (!(error instanceof Error)) return false;
  // The client wraps what happened in a RequestError, or in one of its own about JetStream.
  if (error.cause !== undefined) return isUnreachable(error.cause);
  return error instanceof RequestError;
}

/**
 * Awaits an answer of JetStream's API.
 *
 * @throws {TransientError} nobody answered, or not now.
 * @throws {LogRefused} it said no.
 */
export async function reach<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw failureOf(error);
  }
}

export function failureOf(error: unknown): Error {
  const options = { cause: error };
  if (error instanceof JetStreamApiError) {
    return isNotNow(error.code)
      ? new TransientError(error.message, options)
      : new LogRefused(error.code, error.message, options);
  }
  if (isUnreachable(error)) return new TransientError('JetStream does not answer', options);
  return new LogRefused('unsent', errorMessage(error), options);
}
