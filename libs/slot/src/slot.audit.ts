import { ImpossibleEvent, type Transition } from '#kernel';
import type { SlotEvent } from './slot.events.js';
import { slot } from './slot.js';
import type { SlotState } from './slot.state.js';

/** The first event of a history whose recorded state does not follow from the state before. */
export interface Difference {
  /** Place in the history, from 0. */
  readonly index: number;
  readonly event: SlotEvent;
  readonly recorded: SlotState;
  /** The state that the machine computes; null if the event cannot have happened at all. */
  readonly replayed: SlotState | null;
}

/**
 * Replays a history through the machine and compares each state with the recorded one. Undefined
 * proves that the record is valid. `from` is the state before the first event, for a history whose
 * beginning has been forgotten.
 */
export function firstDifference(
  history: Iterable<Transition<SlotState, SlotEvent>>,
  from: SlotState = slot.initial,
): Difference | undefined {
  let state = from;
  let index = 0;
  for (const { event, state: recorded } of history) {
    const replayed = replay(state, event);
    if (replayed === null || !same(replayed, recorded)) return { index, event, recorded, replayed };
    state = replayed;
    index += 1;
  }
  return undefined;
}

function replay(state: SlotState, event: SlotEvent): SlotState | null {
  try {
    return slot.evolve(state, event);
  } catch (error) {
    if (error instanceof ImpossibleEvent) return null;
    throw error;
  }
}

/** Equal as JSON documents: the order of keys does not matter. */
function same(one: unknown, other: unknown): boolean {
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) {
    return one === other;
  }
  const keys = Object.keys(one);
  return (
    Array.isArray(one) === Array.isArray(other) &&
    keys.length === Object.keys(other).length &&
    keys.every((key) => Object.hasOwn(other, key) && same(valueOf(one, key), valueOf(other, key)))
  );
}

const valueOf = (object: object, key: string) => (object as Record<string, unknown>)[key];
