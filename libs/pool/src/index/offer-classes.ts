import type { OfferClass, SlotEntry } from '../slot-entry.js';
import {
  fits,
  offeredKey,
  requirementsKey,
  type Offered,
  type SlotRequirements,
} from '../slot-requirements.js';

/**
 * Number of requirements whose fitting classes are cached; the cache is emptied when classes
 * change.
 */
const REQUIREMENTS_REMEMBERED = 1024;

/** Groups slots that offer the same into classes. A class exists as long as it has slots. */
export class OfferClasses {
  private readonly classes = new Map<string, OfferClass>();
  private readonly fittings = new Map<string, readonly OfferClass[]>();

  /** The class of what the slot's head offers; undefined if the slot has no offer. */
  classOf(entry: SlotEntry): OfferClass | undefined {
    const { offer } = entry.head.state.context;
    const { offerClass: known } = entry;
    if (offer === null) return this.leave(entry);
    if (known !== undefined && isSame(known.offered, offer)) return known;
    this.leave(entry);
    // Slots of one agent usually offer the same, and comparing two offers costs less than building
    // a key.
    const neighbour = entry.agent.slots.items[0]?.offerClass;
    const offerClass =
      neighbour !== undefined && isSame(neighbour.offered, offer) ? neighbour : this.get(offer);
    offerClass.slots += 1;
    return (entry.offerClass = offerClass);
  }

  leave(entry: SlotEntry): undefined {
    const { offerClass } = entry;
    if (offerClass === undefined) return;
    entry.offerClass = undefined;
    offerClass.slots -= 1;
    if (offerClass.slots > 0) return;
    this.classes.delete(offerClass.key);
    this.fittings.clear();
  }

  /**
   * The classes whose slots fit, free or not. `key` is the key of the requirements, if the caller
   * has it.
   */
  fitting(
    requirements: SlotRequirements,
    key = requirementsKey(requirements),
  ): readonly OfferClass[] {
    const known = this.fittings.get(key);
    if (known !== undefined) return known;
    if (this.fittings.size >= REQUIREMENTS_REMEMBERED) this.fittings.clear();
    const found = [...this.classes.values()].filter(({ offered }) => fits(requirements, offered));
    this.fittings.set(key, found);
    return found;
  }

  /** Every class. */
  get all(): Iterable<OfferClass> {
    return this.classes.values();
  }

  private get(offered: Offered): OfferClass {
    const key = offeredKey(offered);
    const known = this.classes.get(key);
    if (known !== undefined) return known;
    const created = { key, offered, shapes: new Map(), obstructed: [], slots: 0 };
    this.classes.set(key, created);
    this.fittings.clear();
    return created;
  }
}

function isSame(one: Offered, other: Offered): boolean {
  return (
    one.fleet === other.fleet &&
    one.buildConfiguration === other.buildConfiguration &&
    one.runsAny === other.runsAny &&
    one.priority === other.priority &&
    sameWords(one.attributes, other.attributes) &&
    sameWords(one.requiredAttributes, other.requiredAttributes) &&
    (one.projects === other.projects || sameWords(one.projects ?? [], other.projects ?? []))
  );
}

function sameWords(
  one: Offered['attributes'] | Offered['requiredAttributes'],
  other: typeof one,
): boolean {
  if (one === other) return true;
  const [words, others] = [Object.entries<string>(one), Object.entries<string>(other)];
  return (
    words.length === others.length &&
    words.every(([key, word], index) => others[index]?.[0] === key && others[index][1] === word)
  );
}
