import { isOffered, isWarm, statusOf } from '#slot';
import { PackedSlots } from '../collections/packed-slots.js';
import type { SlotHead } from '../slot-head.js';
import type {
  FleetEntry,
  FleetPlace,
  FreeSlot,
  SlotAvailability,
  SlotEntry,
} from '../slot-entry.js';

/** The number of a fleet's slots, by availability. */
export type FleetCounts = Readonly<Record<SlotAvailability, number>> & {
  /** Free slots where a process stands ready, whatever the log wants them to be. */
  readonly ready: number;
};

/** The part of `FleetIndex` that anyone may read. */
export type KnownFleets = Pick<FleetIndex, 'names' | 'countsOf' | 'slotsOf'>;

/**
 * The slots of each fleet by availability. Every change costs the same, however many slots there
 * are.
 */
export class FleetIndex {
  private readonly fleets = new Map<string, FleetEntry>();

  /** Fleets that have slots in use or ready for use. */
  get names(): Iterable<string> {
    return this.fleets.keys();
  }

  /** Updates the slot's place from its head and from the hold on it. */
  put(entry: SlotEntry): void {
    const { state } = entry.head;
    const name = state.context.offer?.fleet;
    const availability = availabilityOf(entry);
    if (name === undefined || availability === null) return this.delete(entry);
    const isReady = availability !== 'taken' && isWarm(state);
    const { fleet: before } = entry;
    const isSame =
      before?.fleet.name === name &&
      before.availability === availability &&
      before.isReady === isReady;
    if (isSame) return;
    this.delete(entry);
    let fleet = this.fleets.get(name);
    if (fleet === undefined) this.fleets.set(name, (fleet = emptyFleet(name)));
    entry.fleet = placeIn(fleet, availability, isReady);
    fleet.slots += 1;
    if (isReady) fleet.ready += 1;
    if (availability === 'taken') fleet.taken += 1;
    else fleet.free[availability].add(entry);
  }

  delete(entry: SlotEntry): void {
    if (entry.fleet === undefined) return;
    const { fleet, availability, isReady } = entry.fleet;
    entry.fleet = undefined;
    fleet.slots -= 1;
    if (isReady) fleet.ready -= 1;
    if (availability === 'taken') fleet.taken -= 1;
    else fleet.free[availability].delete(entry);
    if (fleet.slots === 0) this.fleets.delete(fleet.name);
  }

  countsOf(name: string): FleetCounts {
    const { free, taken, ready } = this.fleets.get(name) ?? NO_SLOTS;
    return {
      taken,
      desiredWarm: free.desiredWarm.size,
      desiredCold: free.desiredCold.size,
      unmanagedWarm: free.unmanagedWarm.size,
      unmanagedCold: free.unmanagedCold.size,
      ready,
    };
  }

  /** Number of the fleet's sessions, and of slots that are about to have one. */
  takenIn(name: string): number {
    return this.fleets.get(name)?.taken ?? 0;
  }

  /**
   * Up to `most` slots of this availability, beginning with the fullest or the emptiest machines.
   */
  slotsOf(
    name: string,
    availability: FreeSlot,
    most: number,
    first: 'fullest' | 'emptiest',
  ): readonly SlotHead[] {
    const slots = this.fleets.get(name)?.free[availability];
    if (slots === undefined || most <= 0) return [];
    return (first === 'fullest' ? slots.first(most) : slots.last(most)).map(({ head }) => head);
  }
}

/** Null if the slot cannot be given to a request. */
function availabilityOf({ head: { state }, isHeld }: SlotEntry): SlotAvailability | null {
  if (statusOf(state) === 'allocated') return 'taken';
  if (!isOffered(state)) return null;
  if (isHeld) return 'taken';
  const { warmth } = state.context;
  if (warmth === null) return isWarm(state) ? 'unmanagedWarm' : 'unmanagedCold';
  return warmth ? 'desiredWarm' : 'desiredCold';
}

function placeIn(fleet: FleetEntry, availability: SlotAvailability, isReady: boolean): FleetPlace {
  const known = fleet.places.find(
    (place) => place.availability === availability && place.isReady === isReady,
  );
  if (known !== undefined) return known;
  const place = { fleet, availability, isReady };
  fleet.places.push(place);
  return place;
}

function emptyFleet(name: string): FleetEntry {
  const packed = () => new PackedSlots<'fleetPlace', SlotEntry>('fleetPlace');
  const free = {
    desiredWarm: packed(),
    desiredCold: packed(),
    unmanagedWarm: packed(),
    unmanagedCold: packed(),
  };
  return { name, free, taken: 0, ready: 0, slots: 0, places: [] };
}

const NO_SLOTS = emptyFleet('');
