import type { Offer } from '#slot';

/** What a request asks of a slot. */
export interface Wish {
  readonly fleet?: string | undefined;
  readonly buildConfiguration?: string | undefined;
  readonly attributes: Readonly<Record<string, string>>;
}

/**
 * Whether the offer is what the wish asks for: every attribute asked for is the slot's own, and
 * every attribute the slot requires is asked for (GameFabric's matching rule).
 */
export function fits(wish: Wish, offer: Offer): boolean {
  if (wish.fleet !== undefined && wish.fleet !== offer.fleet) return false;
  if (
    wish.buildConfiguration !== undefined &&
    wish.buildConfiguration !== offer.buildConfiguration
  ) {
    return false;
  }
  return (
    Object.entries(wish.attributes).every(
      ([key, value]) => Object.hasOwn(offer.attributes, key) && offer.attributes[key] === value,
    ) && offer.requiredAttributes.every((key) => Object.hasOwn(wish.attributes, key))
  );
}

/** Equal for wishes that fit the same offers. */
export function wishKey({ fleet, buildConfiguration, attributes }: Wish): string {
  return JSON.stringify([fleet ?? null, buildConfiguration ?? null, sorted(attributes)]);
}

/** Equal for offers that fit the same wishes and come in the same order of preference. */
export function shapeKey(offer: Offer, warm: boolean): string {
  return JSON.stringify([
    offer.fleet,
    offer.buildConfiguration,
    offer.priority,
    warm,
    sorted(offer.attributes),
    [...offer.requiredAttributes].sort(),
  ]);
}

function sorted(words: Readonly<Record<string, string>>) {
  return Object.entries(words).sort(([one], [other]) => (one < other ? -1 : 1));
}
