import type { Offer } from '#slot';

/** How many slots there are to be: of all fleets together, in their proportions, and of some. */
export interface Sizes {
  readonly slots?: number | undefined;
  readonly ofFleets?: ReadonlyMap<string, number>;
}

/** Another number of slots like those that were there, by subject. */
export function resized(
  offers: ReadonlyMap<string, Offer>,
  { slots = offers.size, ofFleets = new Map() }: Sizes,
): ReadonlyMap<string, Offer> {
  const fleets = new Map<string, [string, Offer][]>();
  for (const [subject, offer] of [...offers].sort(bySubject)) {
    const members = fleets.get(offer.fleet) ?? [];
    members.push([subject, offer]);
    fleets.set(offer.fleet, members);
  }
  const shares = sharesOf(fleets, slots);
  const all = [...fleets].flatMap(([fleet, members]) => {
    return copies(members, ofFleets.get(fleet) ?? shares.get(fleet) ?? 0);
  });
  return new Map(all);
}

/** Whole numbers in proportion; what is left over goes to those with the greatest remainders. */
function sharesOf(
  fleets: ReadonlyMap<string, readonly unknown[]>,
  slots: number,
): ReadonlyMap<string, number> {
  const total = [...fleets.values()].reduce((sum, { length }) => sum + length, 0);
  const exact = [...fleets].map(([fleet, { length }]) => ({
    fleet,
    share: (slots * length) / total,
  }));
  const shares = new Map(exact.map(({ fleet, share }) => [fleet, Math.floor(share)]));
  let left = slots - [...shares.values()].reduce((sum, share) => sum + share, 0);
  for (const { fleet } of exact.sort((one, other) => (other.share % 1) - (one.share % 1))) {
    if (left === 0) break;
    shares.set(fleet, (shares.get(fleet) ?? 0) + 1);
    left -= 1;
  }
  return shares;
}

/** The first of them, and further ones like them where there are not enough. */
function copies(
  members: readonly (readonly [string, Offer])[],
  count: number,
): readonly [string, Offer][] {
  return Array.from({ length: count }, (_, index): [string, Offer] => {
    const [subject, offer] = members[index % members.length] ?? members[0]!;
    const round = Math.floor(index / members.length);
    return [round === 0 ? subject : `${subject}-more-${round}`, offer];
  });
}

function bySubject([one]: readonly [string, unknown], [other]: readonly [string, unknown]) {
  return one < other ? -1 : 1;
}
