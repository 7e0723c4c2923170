import { excludedBy } from '../exclusions.js';
import type { OfferClass, SlotEntry } from '../slot-entry.js';
import type { SlotRequirements } from '../slot-requirements.js';
import type { OfferClasses } from './offer-classes.js';

/**
 * What keeps a slot from being given to a request that it fits. `none`: nothing does; `failing`: its
 * games failed to start last, so it comes after all others.
 */
export type Obstacle =
  | 'none'
  | 'failing'
  | 'withheld'
  | 'taken'
  | 'clearing'
  | 'lost'
  | 'drained'
  | 'maintenance'
  | 'unreadable';

/** Slots that fit, by why they are not given; `full`: their fleet may have no more sessions. */
export type PassedOver = Readonly<Partial<Record<Exclude<Obstacle, 'none'> | 'full', number>>>;

export interface ObstacleTally {
  /** Slots that could be given, `failing` ones included. */
  readonly fitted: number;
  readonly passedOver: PassedOver;
  /** Different offers that fit, be it that all of their slots are retired. */
  readonly classes: number;
  /** The sums are lower bounds. */
  readonly isPartial: boolean;
}

/** Slots of one class that the same keeps from being given. */
export interface ObstacleCount {
  readonly obstacle: Obstacle;
  slots: number;
}

/** Classes that are counted for one request: with more of them, the counts are lower bounds. */
const CLASSES_MAX = 256;

/**
 * Counts the slots of every offer class by what keeps them from being given. An event moves one slot
 * from one count to another; what is asked for one request is the sum over the classes that fit.
 */
export class ObstacleCounts {
  constructor(private readonly classes: OfferClasses) {}

  /** Counts the slot under the obstacle; null: it is retired, or was never registered. */
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
   * Sums up the slots that fit, whatever slot is named.
   *
   * @param isFull whether a fleet may have no more sessions
   * @param key of the requirements, if it is at hand
   */
  tally(
    requirements: SlotRequirements,
    isFull: (fleet: string) => boolean,
    key?: string,
  ): ObstacleTally {
    const classes = this.classes.fitting(requirements, key);
    const passedOver: { -readonly [Reason in keyof PassedOver]: number } = {};
    let fitted = 0;
    for (const { obstructed, offered } of classes.slice(0, CLASSES_MAX)) {
      for (const { obstacle, slots } of obstructed) {
        if (slots === 0) continue;
        const isFree = obstacle === 'none' || obstacle === 'failing';
        const found = isFree && isFull(offered.fleet) ? 'full' : obstacle;
        if (isFree && found !== 'full') fitted += slots;
        if (found !== 'none') passedOver[found] = (passedOver[found] ?? 0) + slots;
      }
    }
    return { fitted, passedOver, classes: classes.length, isPartial: classes.length > CLASSES_MAX };
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
