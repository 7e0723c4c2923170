import type { Offer } from '#slot';

/** What a request asks of a slot. */
export interface SlotRequirements {
  readonly fleet?: string | undefined;
  /** One of these; undefined: any. */
  readonly fleets?: readonly string[] | undefined;
  readonly buildConfiguration?: string | undefined;
  /** Its current version; undefined: it is not one of the region, but one an agent is set to. */
  readonly version?: number | undefined;
  /** Whether a process that runs already will not do. */
  readonly restart?: boolean | undefined;
  /** The subject of the one slot that is asked for. */
  readonly slot?: string | undefined;
  readonly attributes: Readonly<Record<string, string>>;
}

/** What of an offer a request can ask for. */
export type Offered = Pick<
  Offer,
  'fleet' | 'buildConfiguration' | 'runsAny' | 'priority' | 'attributes' | 'requiredAttributes'
>;

/**
 * Whether the offer has what is required: its agent runs the build configuration, every attribute
 * asked for is the slot's own, and every attribute the slot requires is asked for (GameFabric's
 * matching rule). Does not look at `slot`.
 */
export function fits(requirements: SlotRequirements, offer: Offered): boolean {
  const { fleet, fleets } = requirements;
  if (fleet !== undefined && fleet !== offer.fleet) return false;
  if (fleets !== undefined && !fleets.includes(offer.fleet)) return false;
  if (!isRunBy(offer, requirements)) return false;
  return (
    Object.entries(requirements.attributes).every(
      ([key, value]) => Object.hasOwn(offer.attributes, key) && offer.attributes[key] === value,
    ) && offer.requiredAttributes.every((key) => Object.hasOwn(requirements.attributes, key))
  );
}

function isRunBy(offer: Offered, { buildConfiguration, version }: SlotRequirements): boolean {
  if (buildConfiguration === undefined) return true;
  return (
    offer.buildConfiguration === buildConfiguration || (offer.runsAny && version !== undefined)
  );
}

/** Equal for requirements that the same slots fit, in the same order of preference. */
export function requirementsKey(requirements: SlotRequirements): string {
  const { fleet, fleets, buildConfiguration, version, restart, slot, attributes } = requirements;
  const words = [fleet, buildConfiguration, version, restart ?? false, slot];
  return JSON.stringify([...words.map((word) => word ?? null), fleets ?? [], sorted(attributes)]);
}

/** Equal for offers that fit the same requirements. */
export function offeredKey(offer: Offered): string {
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
