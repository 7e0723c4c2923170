import { isWarm, runOf, type SlotState } from '#slot';
import { PackedSlots } from '../collections/packed-slots.js';
import { OfferClasses } from './offer-classes.js';
import type { Shape, SlotEntry } from '../slot-entry.js';
import { fits, requirementsKey, type SlotRequirements } from '../slot-requirements.js';

/**
 * All replicas see the same order, so each draws from this many of the best slots to avoid
 * collisions.
 */
const CHOICES = 64;

/**
 * Number of requirements whose matching shapes are cached; the cache is emptied when shapes change.
 */
const REQUIREMENTS_REMEMBERED = 1024;

/**
 * The free slots, found by what a request requires. The cost grows with the number of different
 * offers that fit, never with the number of slots.
 */
export class OfferIndex {
  private readonly classes = new OfferClasses();
  private readonly shapes = new Set<Shape>();
  private readonly matches = new Map<string, readonly Shape[]>();
  private count = 0;

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
  ): SlotEntry | undefined {
    const { shapes, count, room } = this.candidates(requirements, roomIn);
    if (room < count) {
      const found: SlotEntry[] = [];
      for (const { slots } of shapes) found.push(...slots.first(count - found.length));
      return found.sort(bySubject)[Math.floor(fraction * room)];
    }
    let place = Math.floor(fraction * count);
    for (const { slots } of shapes) {
      if (place < slots.size) return slots.at(place);
      place -= slots.size;
    }
    return undefined;
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

  /**
   * The equally best shapes, how many of their slots to draw from, and how many more sessions may
   * start.
   */
  private candidates(requirements: SlotRequirements, roomIn: (fleet: string) => number) {
    const order = orderFor(requirements);
    const shapes: Shape[] = [];
    let [count, room] = [0, Infinity];
    for (const shape of this.matching(requirements)) {
      const roomHere = roomIn(fleetOf(shape));
      if (roomHere <= 0) continue;
      const [first] = shapes;
      if (count === CHOICES || (first !== undefined && order(shape, first) !== 0)) break;
      shapes.push(shape);
      count = Math.min(CHOICES, count + shape.slots.size);
      room = Math.min(room, roomHere);
    }
    return { shapes, count, room };
  }

  private matching(requirements: SlotRequirements): readonly Shape[] {
    const key = requirementsKey(requirements);
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
    const { runs, isReady } = runningIn(state);
    const isFailing = state.context.failedStarts !== null;
    const key = `${isFailing} ${isReady} ${runs}`;
    const known = offerClass.shapes.get(key);
    if (known !== undefined) return known;
    const slots = new PackedSlots<'shapePlace', SlotEntry>('shapePlace');
    const shape = { key, offerClass, isFailing, runs, isReady, slots };
    offerClass.shapes.set(key, shape);
    this.shapes.add(shape);
    this.matches.clear();
    return shape;
  }
}

function runningIn(state: SlotState): Pick<Shape, 'runs' | 'isReady'> {
  const { process } = state.context;
  if (process === null || !isWarm(state)) return { runs: null, isReady: false };
  const target = runOf(state);
  const isReady =
    target?.buildConfiguration === process.buildConfiguration && target.version === process.version;
  return { runs: `${process.version}@${process.buildConfiguration}`, isReady };
}

/**
 * Orders shapes: those whose games started the last time come before those whose games failed to;
 * then by priority, lower numbers first; then slots that already run what is asked for; then slots
 * without a process; last those whose process would have to make way, since another request may
 * want it.
 */
function orderFor(requirements: SlotRequirements): (one: Shape, other: Shape) => number {
  const costOf = (shape: Shape) =>
    runsRequired(requirements, shape) ? 0 : shape.runs === null ? 1 : 2;
  return (one, other) =>
    Number(one.isFailing) - Number(other.isFailing) ||
    one.offerClass.offered.priority - other.offerClass.offered.priority ||
    costOf(one) - costOf(other);
}

function runsRequired(requirements: SlotRequirements, { offerClass, runs, isReady }: Shape) {
  if (requirements.restart === true) return false;
  if (requirements.buildConfiguration === undefined) return isReady;
  const version = offerClass.offered.runsAny ? (requirements.version ?? 0) : 0;
  return runs === `${version}@${requirements.buildConfiguration}`;
}

function fleetOf({ offerClass }: Shape): string {
  return offerClass.offered.fleet;
}

function bySubject({ head: one }: SlotEntry, { head: other }: SlotEntry): number {
  return one.subject < other.subject ? -1 : 1;
}
