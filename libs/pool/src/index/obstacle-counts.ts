import { excludedBy } from '../exclusions.js';
import type { Obstacle, ObstacleCount } from '../obstacle.js';
import type { OfferClass, SlotEntry } from '../slot-entry.js';
import type { SlotRequirements } from '../slot-requirements.js';
import type { OfferClasses } from './offer-classes.js';

/** Number of slots that fit, by obstacle; `full`: their fleet may have no more sessions. */
export type PassedOver = Readonly<
  Partial<Record<Exclude<Obstacle, 'none' | 'held'> | 'full', number>>
>;

export interface ObstacleTally {
  /** Number of slots that could be given, including `failing` ones. */
  readonly fitted: number;
  readonly passedOver: PassedOver;
  /** Number of those that are taken because a request is about to claim them. */
  readonly held: number;
  /** Number of different offers that fit, even if all of their slots are retired. */
  readonly classes: number;
  /** Whether the numbers are lower bounds. */
  readonly isPartial: boolean;
}

/** The most classes that are counted for one request; if more fit, the numbers are lower bounds. */
const CLASSES_MAX = 256;

/**
 * Counts the slots of every offer class by obstacle. An event moves one slot from one count to
 * another; a request's numbers are the sums over the classes that fit.
 */
export class ObstacleCounts {
  constructor(private readonly classes: OfferClasses) {}

  /** Counts the slot under this obstacle; null if it is retired, or was never registered. */
  put(entry: SlotEntry, obstacle: Obstacle | null): void {
    const offerClass = this.classes.classOf(entry);
    const after =
      obstacle === null || offerClass === undefined ? undefined : placeIn(offerClass, obstacle);
    const before = entry.obstructed;
    if (before === after) return;
    if (before !== undefined) before.slots -= 1;
    if (after !== undefined) after.slots += 1;
    entry.obstructed = after;
  }

  /**
   * Adds up the numbers of slots that fit, ignoring a slot that the requirements name.
   *
   * @param isFull whether a fleet may have no more sessions
   * @param key of the requirements, if the caller has it
   */
  tally(
    requirements: SlotRequirements,
    isFull: (fleet: string) => boolean,
    key?: string,
  ): ObstacleTally {
    const classes = this.classes.fitting(requirements, key);
    const passedOver: { -readonly [Reason in keyof PassedOver]: number } = {};
    let [fitted, held] = [0, 0];
    for (const { obstructed, offered } of classes.slice(0, CLASSES_MAX)) {
      for (const { obstacle, slots } of obstructed) {
        if (slots === 0) continue;
        const isFree = obstacle === 'none' || obstacle === 'failing';
        const found = isFree && isFull(offered.fleet) ? 'full' : obstacle;
        if (isFree && found !== 'full') fitted += slots;
        if (found === 'held') held += slots;
        const told = found === 'held' ? 'taken' : found;
        if (told !== 'none') passedOver[told] = (passedOver[told] ?? 0) + slots;
      }
    }
    const isPartial = classes.length > CLASSES_MAX;
    return { fitted, passedOver, held, classes: classes.length, isPartial };
  }

  /** The conditions that keep every slot from fitting. */
  excludedBy(requirements: SlotRequirements): readonly string[] {
    return excludedBy(
      requirements,
      [...this.classes.all].map(({ offered }) => offered),
    );
  }
}

function placeIn(offerClass: OfferClass, obstacle: Obstacle): ObstacleCount {
  const known = offerClass.obstructed.find((place) => place.obstacle === obstacle);
  if (known !== undefined) return known;
  const place = { obstacle, slots: 0 };
  offerClass.obstructed.push(place);
  return place;
}
