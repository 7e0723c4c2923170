import type { Scope } from '#auth';
import { AsyncLocalStorage } from 'node:async_hooks';
import { Problem } from '../http/problems.js';

/** Who makes the request that is being served. */
export interface Caller {
  /** Of their token; null where they need none. */
  readonly name: string | null;
  may(scope: Scope): boolean;
  mayUse(region: string): boolean;
  /** Whether they would still be let in: what goes on for long has to ask again. */
  isWelcome(): boolean;
}

/** Who asks where the request does not say so, as the log has it. */
export const GATEWAY = 'berth/gateway';

/** As long as `by` may be on the bus. */
const SIGNATURE_LENGTH_MAX = 256;

/** Who asks where nobody has to say who they are; and the gateway itself, outside any request. */
const everybody: Caller = {
  name: null,
  may: () => true,
  mayUse: () => true,
  isWelcome: () => true,
};

const callers = new AsyncLocalStorage<Caller>();

/** Runs an action, and all it begins, in a caller's name. */
export function inTheNameOf(caller: Caller, action: () => void): void {
  callers.run(caller, action);
}

export function currentCaller(): Caller {
  return callers.getStore() ?? everybody;
}

/** Who asks, for the log: whose token it is, which was checked, and whom they say they are. */
export function signed(by: string): string {
  const { name } = currentCaller();
  return name === null ? by : `${name}: ${by}`.slice(0, SIGNATURE_LENGTH_MAX);
}

/** Throws a `Problem` where the caller has no business in the region. */
export function requireRegion(region: string): void {
  if (currentCaller().mayUse(region)) return;
  const detail = `this token is not for region ${region}; ask the operator for one that is`;
  throw new Problem(403, 'wrong-region', detail);
}
