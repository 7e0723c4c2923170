import { servesProject, type Offer } from '#slot';

/** What a request requires of a slot. */
export interface SlotRequirements {
  /** The slot must be one of this project's; undefined: of the default project. */
  readonly project?: string | undefined;
  readonly fleet?: string | undefined;
  /** The slot must be in one of these fleets; undefined: in any. */
  readonly fleets?: readonly string[] | undefined;
  readonly buildConfiguration?: string | undefined;
  /**
   * The current version of `buildConfiguration`; undefined if it is an agent's own and not the
   * region's.
   */
  readonly version?: number | undefined;
  /** Whether the session needs a new process, even if one that runs would fit. */
  readonly restart?: boolean | undefined;
  /** The subject of the one slot that is required. */
  readonly slot?: string | undefined;
  readonly attributes: Readonly<Record<string, string>>;
}

/** The fields of an offer that requirements can refer to. */
export type Offered = Pick<
  Offer,
  | 'projects'
  | 'fleet'
  | 'buildConfiguration'
  | 'runsAny'
  | 'priority'
  | 'attributes'
  | 'requiredAttributes'
>;

/**
 * Whether the offer meets the requirements: the slot is of the project, its agent runs the build
 * configuration, the slot has every attribute that is asked for, and every attribute that the slot
 * requires is asked for (GameFabric's matching rule). Ignores `slot`.
 */
export function fits(requirements: SlotRequirements, offer: Offered): boolean {
  const { fleet, fleets } = requirements;
  if (fleet !== undefined && fleet !== offer.fleet) return false;
  if (fleets !== undefined && !fleets.includes(offer.fleet)) return false;
  if (!servesProject(offer, requirements.project)) return false;
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
  const words = [requirements.project, fleet, buildConfiguration, version, restart ?? false, slot];
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
    [...(offer.projects ?? [])].sort(),
  ]);
}

function sorted(words: Readonly<Record<string, string>>) {
  return Object.entries(words).sort(([one], [other]) => (one < other ? -1 : 1));
}
