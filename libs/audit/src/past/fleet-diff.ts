import type { fleetDiffAnswer } from '#http-api';
import type { z } from 'zod';
import type { FleetAt, PastSlot } from './fleet-at.js';

export type FleetDiff = z.output<typeof fleetDiffAnswer>;
type Change = FleetDiff['changed'][number];

const COMPARED = {
  status: ({ status, phase }) => `${status} ${phase}`,
  allocation: ({ allocation }) => allocation && `${allocation.allocationId} ${allocation.attempt}`,
  fleet: ({ fleet }) => fleet,
  buildConfiguration: ({ buildConfiguration }) => buildConfiguration,
  address: ({ address }) => address,
  pending: ({ pending }) => pending,
  agentLost: ({ agentLost }) => agentLost,
} satisfies Record<Change['differs'][number], (slot: PastSlot) => unknown>;

/**
 * What became of a region's slots between two instants.
 *
 * @param fleet only of slots that were in this fleet at either instant
 */
export function fleetDiff(one: FleetAt, other: FleetAt, fleet?: string): FleetDiff {
  const [before, after] = ofFleet(one, other, fleet);
  const unknown = [...new Set([...before.unknown, ...after.unknown])].sort();
  const known = (slots: readonly PastSlot[]) => {
    const hidden = new Set(unknown);
    return new Map(slots.filter(({ id }) => !hidden.has(id)).map((slot) => [slot.id, slot]));
  };
  const [olds, news] = [known(before.slots), known(after.slots)];
  const ids = [...new Set([...olds.keys(), ...news.keys()])].sort();
  const all = ids.map((id) => change(id, olds.get(id) ?? null, news.get(id) ?? null));
  const changed = all.filter((one) => one.differs.length > 0 || !one.before || !one.after);
  const happened = all.filter((one) => one.before?.sequence !== one.after?.sequence);
  return {
    region: after.region,
    from: before.at,
    to: after.at,
    slots: ids.length,
    changed,
    changedSlots: changed.length,
    changedBack: happened.length - changed.length,
    claims: all.reduce((sum, { claims }) => sum + claims, 0),
    unknown,
  };
}

function ofFleet(one: FleetAt, other: FleetAt, fleet: string | undefined): [FleetAt, FleetAt] {
  if (fleet === undefined) return [one, other];
  const of = [...one.slots, ...other.slots].filter((slot) => slot.fleet === fleet);
  const ids = new Set(of.map(({ id }) => id));
  const only = (all: FleetAt) => ({ ...all, slots: all.slots.filter(({ id }) => ids.has(id)) });
  return [only(one), only(other)];
}

function change(id: string, before: PastSlot | null, after: PastSlot | null): Change {
  const names = Object.keys(COMPARED) as (keyof typeof COMPARED)[];
  const differs =
    before && after ? names.filter((name) => COMPARED[name](before) !== COMPARED[name](after)) : [];
  // A slot that went took its count along; one that came brings its own.
  const claims = after === null ? 0 : Math.max(0, after.claims - (before?.claims ?? 0));
  return { id, before, after, differs, claims };
}
