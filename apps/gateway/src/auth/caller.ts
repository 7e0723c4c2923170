import type { Scope } from '#auth';
import { AsyncLocalStorage } from 'node:async_hooks';
import { Problem } from '../http/problems.js';

/** The caller who makes the current request. */
export interface Caller {
  /** Name of the caller's access token; null if none is needed. */
  readonly name: string | null;
  may(scope: Scope): boolean;
  mayUse(region: string): boolean;
  /** Whether the caller would still be let in: long-lived responses have to check this again. */
  isWelcome(): boolean;
}

/** The name recorded in the log if a request does not say who asks. */
export const GATEWAY = 'berth/gateway';

/** Greatest length of `by` on the bus. */
const SIGNATURE_LENGTH_MAX = 256;

/** The caller if no token is needed, and for the gateway itself outside any request. */
const everybody: Caller = {
  name: null,
  may: () => true,
  mayUse: () => true,
  isWelcome: () => true,
};

const callers = new AsyncLocalStorage<Caller>();

/** Runs an action, and everything it starts, on behalf of a caller. */
export function inTheNameOf(caller: Caller, action: () => void): void {
  callers.run(caller, action);
}

export function currentCaller(): Caller {
  return callers.getStore() ?? everybody;
}

/**
 * Who asks, for the log: the name of the token, which was checked, and the name the requester
 * gives.
 */
export function signed(by: string): string {
  const { name } = currentCaller();
  return name === null ? by : `${name}: ${by}`.slice(0, SIGNATURE_LENGTH_MAX);
}

/** Throws a `Problem` if the caller may not use the region. */
export function requireRegion(region: string): void {
  if (currentCaller().mayUse(region)) return;
  const detail = `this token is not for region ${region}; ask the operator for one that is`;
  throw new Problem(403, 'wrong-region', detail);
}
