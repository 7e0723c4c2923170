import { signal } from '@preact/signals';

/**
 * Key of the access token in the browser's session storage, which lasts until the tab is closed.
 */
const TOKEN = 'berth-token';

/** Whether the gateway asks for a token that this page does not have. */
export const needsToken = signal(false);

/** HTTP status: the token lacks the scope that is needed. */
export const FORBIDDEN = 403;

/** HTTP status: there is nothing of this id. */
export const NOT_FOUND = 404;

/** The API refused or could not be reached; `message` is shown to the user. */
export class Failed extends Error {
  override readonly name = 'Failed';
  constructor(
    readonly status: number,
    message: string,
    /** The id of the request that failed; the log can be searched for it. */
    readonly allocationId?: string,
  ) {
    super(message);
  }
}

export function keepToken(token: string): void {
  sessionStorage.setItem(TOKEN, token);
  needsToken.value = false;
}

/** Whether requests need a token, as far as is known. */
export const hasToken = () => sessionStorage.getItem(TOKEN) !== null;

/** Calls `fetch` with the token. Throws `Failed` unless the answer's status is 2xx. */
export async function ask(path: string, init: RequestInit = {}): Promise<Response> {
  const token = sessionStorage.getItem(TOKEN);
  const headers = new Headers(init.headers);
  if (token !== null) headers.set('authorization', `Bearer ${token}`);
  if (init.body !== undefined) headers.set('content-type', 'application/json');
  let response: Response;
  try {
    response = await fetch(path, { ...init, headers });
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new Failed(0, 'the gateway cannot be reached');
  }
  if (response.ok) {
    // A gateway may refuse a new token once before it accepts it.
    if (token !== null) needsToken.value = false;
    return response;
  }
  if (response.status === 401) needsToken.value = true;
  const problem = (await response.json().catch(() => ({}))) as Problem;
  const said = problem.detail ?? problem.title ?? response.statusText;
  throw new Failed(response.status, said, problem.allocationId);
}

interface Problem {
  readonly title?: string;
  readonly detail?: string;
  readonly allocationId?: string;
}

export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return (await (await ask(path, signal === undefined ? {} : { signal })).json()) as T;
}

export async function send<T>(
  method: 'POST' | 'PUT' | 'DELETE',
  path: string,
  body?: object,
  headers: Readonly<Record<string, string>> = {},
): Promise<T> {
  const init = body === undefined ? {} : { body: JSON.stringify(body) };
  return (await (await ask(path, { method, headers, ...init })).json()) as T;
}

/** The query of a path, of those values that say something. */
export function queryOf(values: Readonly<Record<string, string | number | undefined>>): string {
  const said = Object.entries(values).filter(([, value]) => value !== undefined && value !== '');
  return new URLSearchParams(said.map(([name, value]) => [name, String(value)])).toString();
}

/** Why the gateway cannot serve requests now; empty if it can. */
export async function readiness(signal: AbortSignal): Promise<readonly string[]> {
  // 503 comes with the reasons: it is an answer, not a failure.
  const response = await fetch('/readyz', { signal });
  const { reasons = [] } = (await response.json()) as { readonly reasons?: readonly string[] };
  return reasons;
}

/** All items of a list, read page by page. */
export async function getAll<K extends string, T>(
  path: string,
  key: K,
  query: Readonly<Record<string, string>> = {},
  signal?: AbortSignal,
): Promise<T[]> {
  const items: T[] = [];
  let after: string | number | undefined;
  do {
    const page: Record<K, T[]> & { readonly next?: string | number } = await get(
      `${path}?${queryOf({ ...query, limit: 1_000, after })}`,
      signal,
    );
    items.push(...page[key]);
    after = page.next;
  } while (after !== undefined);
  return items;
}
