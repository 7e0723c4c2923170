import type { Offer } from '#slot';

/** What a request asks of a slot. */
export interface Wish {
  readonly fleet?: string | undefined;
  readonly buildConfiguration?: string | undefined;
  /** Its current version; undefined: it is not one of the region, but one an agent is set to. */
  readonly version?: number | undefined;
  /** Whether a process that runs already will not do. */
  readonly restart?: boolean | undefined;
  /** The subject of the very slot that is asked for. */
  readonly slot?: string | undefined;
  readonly attributes: Readonly<Record<string, string>>;
}

/**
 * Whether the offer is what the wish asks for: its agent runs the build configuration, every
 * attribute asked for is the slot's own, and every attribute the slot requires is asked for
 * (GameFabric's matching rule).
 */
export function fits(wish: Wish, offer: Offer): boolean {
  if (wish.fleet !== undefined && wish.fleet !== offer.fleet) return false;
  if (!isRunBy(offer, wish)) return false;
  return (
    Object.entries(wish.attributes).every(
      ([key, value]) => Object.hasOwn(offer.attributes, key) && offer.attributes[key] === value,
    ) && offer.requiredAttributes.every((key) => Object.hasOwn(wish.attributes, key))
  );
}

function isRunBy(offer: Offer, { buildConfiguration, version }: Wish): boolean {
  if (buildConfiguration === undefined) return true;
  return (
    offer.buildConfiguration === buildConfiguration || (offer.runsAny && version !== undefined)
  );
}

/** Equal for wishes that fit the same offers, in the same order of preference. */
export function wishKey(wish: Wish): string {
  const { fleet, buildConfiguration, version, restart, slot, attributes } = wish;
  const words = [fleet, buildConfiguration, version, restart ?? false, slot];
  return JSON.stringify([...words.map((word) => word ?? null), sorted(attributes)]);
}

/** Equal for offers that fit the same wishes. */
export function shapeKey(offer: Offer): string {
  return JSON.stringify([
    offer.fleet,
    offer.buildConfiguration,
    offer.runsAny,
    offer.priority,
    sorted(offer.attributes),
    [...offer.requiredAttributes].sort(),
  ]);
}

function sorted(words: Readonly<Record<string, string>>) {
  return Object.entries(words).sort(([one], [other]) => (one < other ? -1 : 1));
}
