import { isWarm, runOf, type Offer, type SlotState } from '#slot';
import { Machines } from './machines.js';
import { fits, shapeKey, wishKey, type Wish } from './wish.js';

/** Replicas see the same order, so each draws among this many of the best to seldom collide. */
const CHOICES = 64;

/** Wishes whose matching shapes are remembered; asked for anew when the shapes change. */
const WISHES_REMEMBERED = 1024;

/** What of a free slot counts for a request. */
export interface Kind {
  readonly offer: Offer;
  /** What the process is that stands ready, as `version@buildConfiguration`; null: there is none. */
  readonly runs: string | null;
  /** Whether that is what the slot is to run. */
  readonly isReady: boolean;
}

/** Slots that are alike to a request: same offer but for the address, and as warm. */
interface Shape extends Kind {
  readonly key: string;
  readonly machines: Machines;
}

export interface FreeSlot extends Kind {
  readonly subject: string;
  readonly machine: string;
}

export function kindOf(state: SlotState, offer: Offer): Kind {
  const { process } = state.context;
  if (process === null || !isWarm(state)) return { offer, runs: null, isReady: false };
  const target = runOf(state);
  const isReady =
    target?.buildConfiguration === process.buildConfiguration && target.version === process.version;
  return { offer, runs: `${process.version}@${process.buildConfiguration}`, isReady };
}

/**
 * The free slots, found by what a request asks for. Cost grows with the number of different
 * offers that fit, never with the number of slots.
 */
export class Offers {
  private readonly shapes = new Map<string, Shape>();
  private readonly placeOf = new Map<string, { shape: Shape; machine: string }>();
  private readonly matches = new Map<string, readonly Shape[]>();

  get size(): number {
    return this.placeOf.size;
  }

  has(subject: string): boolean {
    return this.placeOf.has(subject);
  }

  add({ subject, machine, ...kind }: FreeSlot): void {
    this.delete(subject);
    const shape = this.shapeOf(kind);
    shape.machines.add(machine, subject);
    this.placeOf.set(subject, { shape, machine });
  }

  delete(subject: string): void {
    const place = this.placeOf.get(subject);
    if (place === undefined) return;
    const { shape, machine } = place;
    this.placeOf.delete(subject);
    shape.machines.delete(machine, subject);
    if (shape.machines.isEmpty) {
      this.shapes.delete(shape.key);
      this.matches.clear();
    }
  }

  /**
   * The subject of a slot that fits; `fraction` (0 up to 1) draws among the best.
   *
   * @param roomIn how much of a fleet may be given now. Where that is little, everybody draws from
   * the same few slots, so that it is compare-and-set which keeps them from giving more.
   */
  best(
    wish: Wish,
    fraction: number,
    roomIn: (fleet: string) => number = () => Infinity,
  ): string | undefined {
    let first: Shape | undefined;
    let room = Infinity;
    const rank = rankFor(wish);
    const candidates: string[] = [];
    for (const shape of this.matching(wish)) {
      const roomHere = roomIn(shape.offer.fleet);
      if (roomHere <= 0) continue;
      first ??= shape;
      if (candidates.length === CHOICES || rank(shape, first) !== 0) break;
      candidates.push(...shape.machines.best(CHOICES - candidates.length));
      room = Math.min(room, roomHere);
    }
    if (room < candidates.length) candidates.sort().splice(room);
    return candidates[Math.floor(fraction * candidates.length)];
  }

  /** The fleets that have something that fits, each maybe several times. */
  fleetsFor(wish: Wish): readonly string[] {
    return this.matching(wish).map(({ offer }) => offer.fleet);
  }

  /** One of the fleet's slots of every kind. */
  oneOfEach(fleet: string): readonly string[] {
    const shapes = [...this.shapes.values()].filter(({ offer }) => offer.fleet === fleet);
    return shapes.flatMap(({ machines }) => machines.best(1));
  }

  private matching(wish: Wish): readonly Shape[] {
    const key = wishKey(wish);
    const known = this.matches.get(key);
    if (known !== undefined) return known;
    if (this.matches.size >= WISHES_REMEMBERED) this.matches.clear();
    const shapes = [...this.shapes.values()]
      .filter(({ offer }) => fits(wish, offer))
      .sort(rankFor(wish));
    this.matches.set(key, shapes);
    return shapes;
  }

  private shapeOf(kind: Kind): Shape {
    const key = keyOf(kind);
    const known = this.shapes.get(key);
    if (known !== undefined) return known;
    const shape = { key, ...kind, machines: new Machines() };
    this.shapes.set(key, shape);
    this.matches.clear();
    return shape;
  }
}

/** Offers are immutable values, so each one's key is made once. */
const keys = new WeakMap<Offer, string>();

function keyOf({ offer, runs, isReady }: Kind): string {
  let known = keys.get(offer);
  if (known === undefined) keys.set(offer, (known = shapeKey(offer)));
  return `${known} ${isReady} ${runs}`;
}

/**
 * Lower priority number first; then those whose process is what is asked for; then those without
 * one, before those whose process would have to make way: it may be what somebody else asks for.
 */
function rankFor(wish: Wish): (one: Shape, other: Shape) => number {
  const effortOf = (shape: Shape) => (runsAsked(wish, shape) ? 0 : shape.runs === null ? 1 : 2);
  return (one, other) =>
    one.offer.priority - other.offer.priority || effortOf(one) - effortOf(other);
}

function runsAsked(wish: Wish, { offer, runs, isReady }: Kind): boolean {
  if (wish.restart === true) return false;
  if (wish.buildConfiguration === undefined) return isReady;
  const version = offer.runsAny ? (wish.version ?? 0) : 0;
  return runs === `${version}@${wish.buildConfiguration}`;
}
