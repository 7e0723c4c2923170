import { isDeepStrictEqual } from 'node:util';

/** What the requester of the session gets to read: the callback's answer. */
export interface Answer {
  readonly accepted: true;
  /** The payload's `mode` where that is text. */
  readonly mode: string | null;
  readonly map: 'harbour';
  readonly session: string;
}

/** The one game session this process was allocated to. */
export interface Session {
  readonly payload: unknown;
  readonly answer: Answer;
}

/** What a callback leads to. `ignored` is silence: the caller finds out by its own timeout. */
export type Verdict =
  | { readonly kind: 'accepted'; readonly session: Session }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'ignored' };

/**
 * Decides on a callback. The same payload again is answered as before, since whoever calls may
 * have lost the first answer; another payload is refused, since one process plays one session.
 *
 * `refuse` and `hang` in the payload are there for trying out what a caller does then.
 *
 * @param running the session this process was allocated to, if any
 * @param id names the new session, if it comes to one
 */
export function decideCallback(running: Session | null, payload: unknown, id: string): Verdict {
  const wishes = isRecord(payload) ? payload : {};
  if (wishes['refuse'] === true) return { kind: 'refused', reason: 'refused by request' };
  if (wishes['hang'] === true) return { kind: 'ignored' };
  if (running === null) return { kind: 'accepted', session: newSession(payload, wishes, id) };
  if (isDeepStrictEqual(running.payload, payload)) return { kind: 'accepted', session: running };
  return { kind: 'refused', reason: `already allocated to session ${running.answer.session}` };
}

function newSession(payload: unknown, wishes: Record<string, unknown>, id: string): Session {
  const mode = typeof wishes['mode'] === 'string' ? wishes['mode'] : null;
  return { payload, answer: { accepted: true, mode, map: 'harbour', session: id } };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
