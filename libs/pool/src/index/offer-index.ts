import { PackedSlots } from '../collections/packed-slots.js';
import type { OfferClasses } from './offer-classes.js';
import { orderFor, runningIn } from './rank.js';
import type { Shape, SlotEntry } from '../slot-entry.js';
import { fits, requirementsKey, type SlotRequirements } from '../slot-requirements.js';

/**
 * All replicas see the same order, so each draws from this many of the best slots to avoid
 * collisions.
 */
export const CHOICES = 64;

/**
 * Number of requirements whose matching shapes are cached; the cache is emptied when shapes change.
 */
const REQUIREMENTS_REMEMBERED = 1024;

/** One of the best slots, and what it was compared with. */
export interface Best {
  readonly entry: SlotEntry;
  readonly shape: Shape;
  /** Number of slots that are as good, at most `CHOICES`. */
  readonly alike: number;
  /**
   * The best shape that is less good; undefined if there is none, or if enough slots are as good.
   */
  readonly next: Shape | undefined;
}

/**
 * The free slots, found by what a request requires. The cost grows with the number of different
 * offers that fit, never with the number of slots.
 */
export class OfferIndex {
  private readonly shapes = new Set<Shape>();
  private readonly matches = new Map<string, readonly Shape[]>();
  private count = 0;

  constructor(private readonly classes: OfferClasses) {}

  /** Number of slots that could be given to a request now. */
  get size(): number {
    return this.count;
  }

  has({ shape }: SlotEntry): boolean {
    return shape !== undefined;
  }

  /** Offers the slot as its head describes it. */
  put(entry: SlotEntry): void {
    const shape = this.shapeOf(entry);
    if (shape === entry.shape) return;
    this.delete(entry);
    if (shape === undefined) return;
    shape.slots.add(entry);
    entry.shape = shape;
    this.count += 1;
  }

  delete(entry: SlotEntry): void {
    const { shape } = entry;
    if (shape === undefined) return;
    entry.shape = undefined;
    this.count -= 1;
    shape.slots.delete(entry);
    if (shape.slots.size > 0) return;
    this.shapes.delete(shape);
    shape.offerClass.shapes.delete(shape.key);
    this.matches.clear();
  }

  /** The slot is gone for good and never offered again. */
  forget(entry: SlotEntry): void {
    this.delete(entry);
    this.classes.leave(entry);
  }

  /**
   * Returns a slot that fits; `fraction` (0 up to 1) draws among the best.
   *
   * @param roomIn how many more sessions a fleet may have. If that is fewer than the slots to draw
   * from, all replicas draw from the same few slots, so that compare-and-set keeps them from
   * granting more.
   */
  best(
    requirements: SlotRequirements,
    fraction: number,
    roomIn: (fleet: string) => number,
    key?: string,
  ): Best | undefined {
    const found = this.matching(requirements, key);
    const { shapes, count, room, next } = candidates(found, orderFor(requirements), roomIn);
    const entry =
      room < count
        ? bySubject(shapes, count)[Math.floor(fraction * room)]
        : at(shapes, Math.floor(fraction * count));
    return entry?.shape && { entry, shape: entry.shape, alike: count, next };
  }

  /** The fleets that have a slot that fits; a fleet may be in the list several times. */
  fleetsFor(requirements: SlotRequirements): readonly string[] {
    return this.matching(requirements).map(fleetOf);
  }

  /** One of the fleet's free slots for each shape. */
  oneOfEach(fleet: string): readonly SlotEntry[] {
    const shapes = [...this.shapes].filter((shape) => fleetOf(shape) === fleet);
    return shapes.flatMap(({ slots }) => slots.first(1));
  }

  private matching(
    requirements: SlotRequirements,
    key = requirementsKey(requirements),
  ): readonly Shape[] {
    const known = this.matches.get(key);
    if (known !== undefined) return known;
    if (this.matches.size >= REQUIREMENTS_REMEMBERED) this.matches.clear();
    const shapes = [...this.shapes]
      .filter(({ offerClass }) => fits(requirements, offerClass.offered))
      .sort(orderFor(requirements));
    this.matches.set(key, shapes);
    return shapes;
  }

  private shapeOf(entry: SlotEntry): Shape | undefined {
    const { state } = entry.head;
    const offerClass = this.classes.classOf(entry);
    if (offerClass === undefined) return undefined;
    const running = runningIn(state);
    const { isFailing, runs, isReady } = running;
    const key = `${isFailing} ${isReady} ${runs}`;
    const known = offerClass.shapes.get(key);
    if (known !== undefined) return known;
    const slots = new PackedSlots<'shapePlace', SlotEntry>('shapePlace');
    const shape = { key, offerClass, ...running, slots };
    offerClass.shapes.set(key, shape);
    this.shapes.add(shape);
    this.matches.clear();
    return shape;
  }
}

/**
 * The equally best shapes, how many of their slots to draw from, how many more sessions may start,
 * and the next best shape.
 */
function candidates(
  found: readonly Shape[],
  order: ReturnType<typeof orderFor>,
  roomIn: (fleet: string) => number,
) {
  const shapes: Shape[] = [];
  let [count, room] = [0, Infinity];
  let next: Shape | undefined;
  for (const shape of found) {
    const roomHere = roomIn(fleetOf(shape));
    if (roomHere <= 0) continue;
    const [first] = shapes;
    const isNext = first !== undefined && order(shape, first) !== 0;
    if (isNext) next = shape;
    if (isNext || count === CHOICES) break;
    shapes.push(shape);
    count = Math.min(CHOICES, count + shape.slots.size);
    room = Math.min(room, roomHere);
  }
  return { shapes, count, room, next };
}

function fleetOf({ offerClass }: Shape): string {
  return offerClass.offered.fleet;
}

/** Up to `most` slots of the shapes, in an order that is the same for all replicas. */
function bySubject(shapes: readonly Shape[], most: number): readonly SlotEntry[] {
  const found: SlotEntry[] = [];
  for (const { slots } of shapes) found.push(...slots.first(most - found.length));
  return found.sort(({ head: one }, { head: other }) => (one.subject < other.subject ? -1 : 1));
}

/** The slot at this position among all slots of the shapes. */
function at(shapes: readonly Shape[], place: number): SlotEntry | undefined {
  let left = place;
  for (const { slots } of shapes) {
    if (left < slots.size) return slots.at(left);
    left -= slots.size;
  }
  return undefined;
}
