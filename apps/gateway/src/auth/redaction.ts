import { JsonText } from '#json';
import { currentCaller, type Caller } from './caller.js';

/** Replaces what the reader may not see. */
const REDACTED = '[redacted]';

/**
 * What a matchmaker and a game server tell each other, if the reader may see it. It may contain
 * secrets that admit players, so it is shown only to readers who could have asked for the session
 * themselves.
 */
export function payloadFor<T>(payload: T, reader: Caller = currentCaller()): T | typeof REDACTED {
  return isNothing(payload) || reader.may('allocate') ? payload : REDACTED;
}

/** An empty payload is not secret. */
function isNothing(payload: unknown): boolean {
  return payload === null || (payload instanceof JsonText && payload.text === 'null');
}
