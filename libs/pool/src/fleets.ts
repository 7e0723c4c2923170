import { isOffered, isWarm, statusOf, type SlotState } from '#slot';
import { Machines } from './machines.js';

/**
 * What a slot is to its fleet: `taken` by a session, or about to be; or free, and by the log to be
 * `warm` or `cold`; or free, and left to its agent, with a process or without.
 */
export type Standing = 'taken' | Free;

/** What a slot that no session has is to its fleet. */
export type Free = 'warm' | 'cold' | 'leftWarm' | 'leftCold';

/** A slot's place in the index. */
interface Place {
  readonly fleet: string;
  readonly machine: string;
  readonly standing: Standing;
  /** Whether it is free, and a process stands ready. */
  readonly isReady: boolean;
}

interface Fleet {
  /** Those that are free: they are looked for; of the others only the number matters. */
  readonly free: Readonly<Record<Free, Machines>>;
  taken: number;
  ready: number;
  slots: number;
}

/** Slots of a fleet, counted. */
export type FleetCounts = Readonly<Record<Standing, number>> & {
  /** Free slots where a process stands ready, whatever the log says they are to be. */
  readonly ready: number;
};

/** What a slot is to its fleet; null: nothing, for it cannot be given to anybody. */
export function standingOf(state: SlotState, isHeld: boolean): Standing | null {
  if (statusOf(state) === 'allocated') return 'taken';
  if (!isOffered(state)) return null;
  if (isHeld) return 'taken';
  const { warmth } = state.context;
  if (warmth === null) return isWarm(state) ? 'leftWarm' : 'leftCold';
  return warmth ? 'warm' : 'cold';
}

/** The slots of each fleet by what they are to it. Every change costs the same, be there many. */
export class Fleets {
  private readonly fleets = new Map<string, Fleet>();
  private readonly placeOf = new Map<string, Place>();
  private readonly maxOf = new Map<string, number>();

  /** @param reopened told when a fleet that was at its maximum is not any more */
  constructor(private readonly reopened: (fleet: string) => void) {}

  /** Fleets that have slots. */
  get names(): Iterable<string> {
    return this.fleets.keys();
  }

  put(subject: string, place: Place): void {
    const before = this.placeOf.get(subject);
    if (before !== undefined && isSame(before, place)) return;
    const wasFull = before !== undefined && this.isFull(before.fleet);
    if (before !== undefined) this.remove(subject, before);
    this.add(subject, place);
    if (wasFull && !this.isFull(before.fleet)) this.reopened(before.fleet);
  }

  delete(subject: string): void {
    const before = this.placeOf.get(subject);
    if (before === undefined) return;
    const wasFull = this.isFull(before.fleet);
    this.remove(subject, before);
    this.placeOf.delete(subject);
    if (wasFull && !this.isFull(before.fleet)) this.reopened(before.fleet);
  }

  /** Sessions of the fleet at most; null: as many as there are slots. */
  limit(fleet: string, max: number | null): void {
    const wasFull = this.isFull(fleet);
    if (max === null) this.maxOf.delete(fleet);
    else this.maxOf.set(fleet, max);
    if (wasFull && !this.isFull(fleet)) this.reopened(fleet);
  }

  /** Whether the fleet may have no more sessions. */
  isFull(fleet: string): boolean {
    return this.roomIn(fleet) <= 0;
  }

  /** How many more sessions the fleet may have. */
  roomIn(fleet: string): number {
    return (this.maxOf.get(fleet) ?? Infinity) - (this.fleets.get(fleet)?.taken ?? 0);
  }

  /** Sessions of the fleet at most; undefined: as many as there are slots. */
  maxSessions(fleet: string): number | undefined {
    return this.maxOf.get(fleet);
  }

  countsOf(name: string): FleetCounts {
    const { free, taken, ready } = this.fleets.get(name) ?? NO_SLOTS;
    return {
      taken,
      warm: free.warm.size,
      cold: free.cold.size,
      leftWarm: free.leftWarm.size,
      leftCold: free.leftCold.size,
      ready,
    };
  }

  /** Up to `most` slots that stand so, those first on machines where few, or many, of them do. */
  some(name: string, standing: Free, most: number, first: 'few' | 'many'): readonly string[] {
    const machines = this.fleets.get(name)?.free[standing];
    if (machines === undefined || most <= 0) return [];
    return first === 'few' ? machines.best(most) : machines.worst(most);
  }

  private add(subject: string, place: Place): void {
    let fleet = this.fleets.get(place.fleet);
    if (fleet === undefined) this.fleets.set(place.fleet, (fleet = noSlots()));
    this.placeOf.set(subject, place);
    fleet.slots += 1;
    if (place.isReady) fleet.ready += 1;
    if (place.standing === 'taken') fleet.taken += 1;
    else fleet.free[place.standing].add(place.machine, subject);
  }

  private remove(subject: string, place: Place): void {
    const fleet = this.fleets.get(place.fleet);
    if (fleet === undefined) return;
    fleet.slots -= 1;
    if (place.isReady) fleet.ready -= 1;
    if (place.standing === 'taken') fleet.taken -= 1;
    else fleet.free[place.standing].delete(place.machine, subject);
    if (fleet.slots === 0) this.fleets.delete(place.fleet);
  }
}

function isSame(one: Place, other: Place): boolean {
  return (
    one.fleet === other.fleet && one.standing === other.standing && one.isReady === other.isReady
  );
}

function noSlots(): Fleet {
  const [warm, cold] = [new Machines(), new Machines()];
  const free = { warm, cold, leftWarm: new Machines(), leftCold: new Machines() };
  return { free, taken: 0, ready: 0, slots: 0 };
}

const NO_SLOTS: Fleet = noSlots();
