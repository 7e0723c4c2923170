import type { Scope } from '#auth';
import { DEFAULT_PROJECT, fullId, plainId, projectOf } from '#slot';
import { AsyncLocalStorage } from 'node:async_hooks';
import { signatureOf } from '#wire';
import type { Face } from '../dialects/error-dialect.js';
import { Problem, invalid } from '../http/problems.js';

/** The caller who makes the current request. */
export interface Caller {
  /** Id of the caller's access token; null if none is needed. */
  readonly id: string | null;
  /** Name of the caller's access token; null if none is needed. */
  readonly name: string | null;
  /** The project of the caller's access token; null if it is of none. */
  readonly ofProject: string | null;
  /** The API that was asked; null for the gateway itself, outside any request. */
  readonly face: Face | null;
  /** The project in which the caller asks for servers. */
  readonly project: string;
  /** Whether the caller sees this project alone. */
  readonly isConfined: boolean;
  may(scope: Scope): boolean;
  mayUse(region: string): boolean;
  /** Whether the caller would still be let in: long-lived responses have to check this again. */
  isWelcome(): boolean;
}

/** The name recorded in the log for what the gateway does by itself. */
export const GATEWAY = 'berth/gateway';

/** The names recorded at a gateway without tokens, if a request does not say who asks. */
const OF_FACES: Readonly<Record<Face, string>> = {
  api: GATEWAY,
  gamefabric: 'gamefabric',
  multiplay: `${GATEWAY}/multiplay`,
};

/** Greatest length of `by` on the bus. */
const SIGNATURE_LENGTH_MAX = 256;

/** The caller if no token is needed, and for the gateway itself outside any request. */
export const everybody: Caller = {
  id: null,
  name: null,
  ofProject: null,
  face: null,
  project: DEFAULT_PROJECT,
  isConfined: false,
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

/** A request before the gateway says who asks. */
export type Unsigned<Request> = Omit<Request, 'by'> & { readonly by?: string | undefined };

/**
 * Who asks, for the log, see `signatureOf`: what was checked of the caller, and the name the
 * requester gives, if it does.
 */
export function signed(by?: string): string {
  const { name: token, ofProject: project, face } = currentCaller();
  if (face === null) return by ?? GATEWAY;
  if (token === null) return by ?? OF_FACES[face];
  return signatureOf({ token, project, face, name: by ?? null }).slice(0, SIGNATURE_LENGTH_MAX);
}

/**
 * The full id of the allocation that the caller calls `id`: one of the caller's own project, unless
 * the caller sees all projects and names another. Throws a `Problem` if the caller cannot know it.
 */
export function fullIdFor(id: string): string {
  const { project, isConfined } = currentCaller();
  const isFull = id.includes(' ');
  if (!isFull) return fullId(project, id);
  if (isConfined) throw invalid('id: must not contain spaces');
  return id;
}

/** What the caller calls the allocation with this full id. */
export function idFor(full: string): string {
  return currentCaller().isConfined ? plainId(full) : full;
}

/** Whether the caller may know of the allocation with this full id. */
export function mayKnow(full: string, { project, isConfined }: Caller = currentCaller()): boolean {
  return !isConfined || projectOf(full) === project;
}

/** Throws a `Problem` if the caller may not use the region. */
export function requireRegion(region: string): void {
  if (currentCaller().mayUse(region)) return;
  const detail = `this token is not for region ${region}; ask the operator for one that is`;
  throw new Problem(403, 'wrong-region', detail);
}
