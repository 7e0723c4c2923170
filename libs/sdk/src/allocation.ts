/** Plain JSON. */
export type Json =
  string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** One game session that this server was given. */
export interface Allocation {
  readonly id: string;
  /** What the matchmaker sent with its request. */
  readonly payload: Json;
  /** A secret that Berth, this server and the requester share; it may be used to admit players. */
  readonly token: string | null;
}

/** An event of the daemon's event stream. */
export type SessionEvent =
  | { readonly type: 'allocate'; readonly allocation: Allocation }
  | { readonly type: 'deallocate'; readonly allocationId: string };

/** Null for events of other types, and for data that cannot be parsed. */
export function sessionEventOf(type: string, data: string): SessionEvent | null {
  const fields = fieldsOf(data);
  const { allocationId, payload = null, token } = fields;
  if (typeof allocationId !== 'string') return null;
  if (type === 'deallocate') return { type, allocationId };
  if (type !== 'allocate') return null;
  const secret = typeof token === 'string' ? token : null;
  return { type, allocation: { id: allocationId, payload: payload as Json, token: secret } };
}

function fieldsOf(data: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(data);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
