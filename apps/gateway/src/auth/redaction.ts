import { JsonText } from '#json';
import { projectOf } from '#slot';
import { currentCaller, type Caller } from './caller.js';

/** Replaces what the reader may not see. */
const REDACTED = '[redacted]';

/**
 * What a matchmaker and a game server tell each other, if the reader may see it. It may contain
 * secrets that admit players, so it is shown only to readers who could have asked for the session
 * themselves: in its project.
 *
 * @param allocationId its full id
 */
export function payloadFor<T>(
  payload: T,
  allocationId: string,
  reader: Caller = currentCaller(),
): T | typeof REDACTED {
  return isNothing(payload) || mayReadPayloads(allocationId, reader) ? payload : REDACTED;
}

/** @param allocationId its full id */
export function mayReadPayloads(allocationId: string, reader: Caller = currentCaller()): boolean {
  const isOwn = reader.name === null || projectOf(allocationId) === reader.project;
  return isOwn && reader.may('allocate');
}

/** What is shown of a payload that is encrypted in the log, where it is not decrypted. */
const ENCRYPTED = '[encrypted]';

/** As `payloadFor`, of a payload as the log has it: it is encrypted if there is a key. */
export function loggedPayloadFor<T>(
  payload: T,
  payloadKey: number | undefined,
  allocationId: string,
  reader?: Caller,
) {
  const isEncrypted = payloadKey !== undefined && !isNothing(payload);
  return payloadFor(isEncrypted ? ENCRYPTED : payload, allocationId, reader);
}

/** An empty payload is not secret. */
function isNothing(payload: unknown): boolean {
  return payload === null || (payload instanceof JsonText && payload.text === 'null');
}
