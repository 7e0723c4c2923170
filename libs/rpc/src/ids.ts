import type { Ids } from '#tracing';

/** The ids by which a message's trace is found: those in its subject, and the allocation's. */
export function idsOf(tokens: object, message: unknown): Ids {
  const ids: Record<string, string> = {};
  for (const [name, value] of Object.entries(tokens)) ids[`berth.${name}`] = String(value);
  const { allocationId } = { ...(message as { readonly allocationId?: unknown }) };
  if (typeof allocationId === 'string') ids['berth.allocation_id'] = allocationId;
  return ids;
}

/** What an answer says, and the code of a refusal. */
export function outcomeOf(answer: unknown): Ids {
  const { status, code, allocationId } = { ...(answer as Record<string, unknown>) };
  return {
    ...(typeof status === 'string' && { 'berth.outcome': status }),
    ...(typeof code === 'string' && { 'berth.refusal': code }),
    ...(typeof allocationId === 'string' && { 'berth.allocation_id': allocationId }),
  };
}
