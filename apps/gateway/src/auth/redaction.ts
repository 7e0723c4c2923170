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
  const isOwn = reader.name === null || projectOf(allocationId) === reader.project;
  return isNothing(payload) || (isOwn && reader.may('allocate')) ? payload : REDACTED;
}

/** An empty payload is not secret. */
function isNothing(payload: unknown): boolean {
  return payload === null || (payload instanceof JsonText && payload.text === 'null');
}
