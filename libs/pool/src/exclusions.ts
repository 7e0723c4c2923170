import { DEFAULT_PROJECT, servesProject } from '#slot';
import { fits, type Offered, type SlotRequirements } from './slot-requirements.js';

/** As many conditions as are named, and as much of each, in characters. */
const NAMED_MAX = 8;
const NAME_LENGTH_MAX = 128;

/**
 * Which conditions of a request keep every slot from fitting: those that no slot meets by itself; or
 * else the attributes that slots require of requests; or else all of them together. For people.
 */
export function excludedBy(
  requirements: SlotRequirements,
  known: readonly Offered[],
): readonly string[] {
  const { project, fleet, fleets, buildConfiguration, version, attributes } = requirements;
  // What slots of other projects offer is not told.
  const offers = known.filter((offer) => servesProject(offer, project));
  if (offers.length === 0 && known.length > 0) return [`project=${project ?? DEFAULT_PROJECT}`];
  const meeting = (condition: Partial<SlotRequirements>, among: readonly Offered[]) =>
    among.filter((offer) => fits({ project, attributes: {}, ...condition }, undemanding(offer)));
  const ofFleets = meeting({ fleet, fleets }, offers);
  if (ofFleets.length === 0) return named([`fleet=${fleet ?? fleets?.join('|') ?? ''}`]);
  const unmet = Object.entries(attributes)
    .filter(([key, value]) => meeting({ attributes: { [key]: value } }, ofFleets).length === 0)
    .map(([key, value]) => `${key}=${value}`);
  const isRun = meeting({ buildConfiguration, version }, ofFleets).length > 0;
  if (!isRun) unmet.unshift(`buildConfiguration=${buildConfiguration}`);
  if (unmet.length > 0) return named(unmet);
  const required = meeting({ ...requirements }, ofFleets)
    .flatMap(({ requiredAttributes }) => requiredAttributes)
    .filter((key) => !Object.hasOwn(attributes, key));
  if (required.length > 0) return named(required.map((key) => `${key} is not named`));
  return ['all of these together'];
}

function undemanding(offer: Offered): Offered {
  return { ...offer, requiredAttributes: [] };
}

function named(conditions: readonly string[]): readonly string[] {
  const some = [...new Set(conditions)].slice(0, NAMED_MAX);
  return some.map((condition) => condition.slice(0, NAME_LENGTH_MAX));
}
