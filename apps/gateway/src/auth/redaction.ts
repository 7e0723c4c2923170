import { JsonText } from '#json';
import { currentCaller, type Caller } from './caller.js';

/** Stands where there is something that the reader may not see. */
const REDACTED = '[redacted]';

/**
 * What a matchmaker and a game server tell each other, as the reader may see it. It may hold what
 * lets players in, so it is shown to those who could have asked for the session themselves.
 */
export function payloadFor<T>(payload: T, reader: Caller = currentCaller()): T | typeof REDACTED {
  return isNothing(payload) || reader.may('allocate') ? payload : REDACTED;
}

/** That there is none is no secret. */
function isNothing(payload: unknown): boolean {
  return payload === null || (payload instanceof JsonText && payload.text === 'null');
}
