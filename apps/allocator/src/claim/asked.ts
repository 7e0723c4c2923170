import { ASKED_LENGTH_MAX, type Asked } from '#slot';
import type { AllocationRequest } from '#wire';

/**
 * The part of a request that its claim records. Its length is limited, since a request may name 64
 * long attributes.
 */
export function askedOf(request: AllocationRequest): Asked {
  const { fleet, buildConfiguration, slot } = request;
  const fleets = keptOf(request.fleets ?? [], (name) => name.length);
  const all = Object.entries(request.attributes);
  const attributes = keptOf(all, ([key, value]) => key.length + value.length);
  const leftOut = (request.fleets?.length ?? 0) - fleets.length + all.length - attributes.length;
  return {
    ...(fleet !== undefined && { fleet }),
    ...(fleets.length > 0 && { fleets }),
    ...(buildConfiguration !== undefined && { buildConfiguration }),
    ...(slot !== undefined && { slot }),
    ...(attributes.length > 0 && { attributes: Object.fromEntries(attributes) }),
    ...(leftOut > 0 && { leftOut }),
  };
}

/** The first items whose total length does not exceed the limit. */
function keptOf<Item>(items: readonly Item[], lengthOf: (item: Item) => number): readonly Item[] {
  let length = 0;
  const end = items.findIndex((item) => (length += lengthOf(item)) > ASKED_LENGTH_MAX);
  return end === -1 ? items : items.slice(0, end);
}
