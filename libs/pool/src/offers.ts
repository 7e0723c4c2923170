import type { Offer } from '#slot';
import { Machines } from './machines.js';
import { fits, shapeKey, wishKey, type Wish } from './wish.js';

/** Replicas see the same order, so each draws among this many of the best to seldom collide. */
const CHOICES = 64;

/** Wishes whose matching shapes are remembered; asked for anew when the shapes change. */
const WISHES_REMEMBERED = 1024;

/** Slots that are alike to a request: same offer but for the address, and as warm. */
interface Shape {
  readonly key: string;
  readonly offer: Offer;
  readonly warm: boolean;
  readonly machines: Machines;
}

export interface FreeSlot {
  readonly subject: string;
  readonly machine: string;
  readonly offer: Offer;
  readonly warm: boolean;
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

  add({ subject, machine, offer, warm }: FreeSlot): void {
    this.delete(subject);
    const shape = this.shapeOf(offer, warm);
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
   * @param isClosed whether nothing of this fleet may be given now
   */
  best(
    wish: Wish,
    fraction: number,
    isClosed: (fleet: string) => boolean = () => false,
  ): string | undefined {
    let first: Shape | undefined;
    const candidates: string[] = [];
    for (const shape of this.matching(wish)) {
      if (isClosed(shape.offer.fleet)) continue;
      first ??= shape;
      if (candidates.length === CHOICES || rank(shape, first) !== 0) break;
      candidates.push(...shape.machines.best(CHOICES - candidates.length));
    }
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
    const shapes = [...this.shapes.values()].filter(({ offer }) => fits(wish, offer)).sort(rank);
    this.matches.set(key, shapes);
    return shapes;
  }

  private shapeOf(offer: Offer, warm: boolean): Shape {
    const key = keyOf(offer, warm);
    const known = this.shapes.get(key);
    if (known !== undefined) return known;
    const shape = { key, offer, warm, machines: new Machines() };
    this.shapes.set(key, shape);
    this.matches.clear();
    return shape;
  }
}

/** Offers are immutable values, so each one's keys are made once. */
const keys = new WeakMap<Offer, { readonly warm: string; readonly cold: string }>();

function keyOf(offer: Offer, warm: boolean): string {
  let known = keys.get(offer);
  if (known === undefined) {
    known = { warm: shapeKey(offer, true), cold: shapeKey(offer, false) };
    keys.set(offer, known);
  }
  return warm ? known.warm : known.cold;
}

/** Lower priority number first, then warm before cold. */
function rank(one: Shape, other: Shape): number {
  return one.offer.priority - other.offer.priority || Number(other.warm) - Number(one.warm);
}
