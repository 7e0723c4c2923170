import { isGuid } from '#multiplay';
import type { ListQuery, MultiplayAllocation } from './allocation.schema.js';
import type { Lookup } from './lookup.js';

/** A page of a fleet's allocations. */
export async function listed(
  lookup: Lookup,
  fleetId: string,
  { ids, limit, offset, age }: ListQuery,
) {
  const { fleet, since } = lookup.narrowed(fleetId, age);
  const allocations =
    ids === undefined
      ? page(lookup.running(fleet, since), limit, offset)
      : await named(lookup, fleetId, [...new Set(ids)].slice(offset, offset + limit), since);
  return { allocations, pagination: { limit, offset } };
}

/**
 * Leaves out ids that are not GUIDs: with one of them, Multiplay's clients could not read the list
 * at all.
 */
export function page(
  all: Iterable<MultiplayAllocation>,
  limit: number,
  offset: number,
): readonly MultiplayAllocation[] {
  const found: MultiplayAllocation[] = [];
  let seen = 0;
  for (const allocation of all) {
    if (!isGuid(allocation.allocationId)) continue;
    seen += 1;
    if (seen > offset) found.push(allocation);
    if (found.length === limit) break;
  }
  return found;
}

async function named(
  lookup: Lookup,
  fleetId: string,
  ids: readonly string[],
  since: number,
): Promise<readonly MultiplayAllocation[]> {
  const found = await Promise.all(ids.map((id) => lookup.find(fleetId, id)));
  return found.flatMap((one) =>
    one.kind === 'open' && Date.parse(one.allocation.requested) >= since ? [one.allocation] : [],
  );
}
