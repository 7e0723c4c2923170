import type { Action, SettingChange } from '#wire';
import { invalid } from '../../http/problems.js';

/** How far a list of actions was read. */
export interface Place {
  /** Sequence of the last event of the slots; 0: none. */
  readonly sequence: number;
  /** Instant of the last change of a setting; epoch ms; -1: none. */
  readonly at: number;
}

/** Throws a `Problem`. */
export function placeIn(after: string | undefined): Place {
  const [, sequence, at = -1] = /^(\d{1,15})(?:\.(\d{1,15}))?$/.exec(after ?? '0') ?? [];
  if (sequence === undefined) throw invalid('after: must be `next` of the previous page');
  return { sequence: Number(sequence), at: Number(at) };
}

/** What was done to slots: a part of the history. */
export interface Found {
  readonly actions: readonly Action[];
  /** Where the next part begins; undefined if there is none. */
  readonly next?: string | undefined;
  /** Up to when it was read; epoch ms. */
  readonly readTo: number | null;
}

export interface ActionPage extends Found {
  readonly changes: readonly SettingChange[] | null;
}

/** A part of the slots' history with the changes of settings that were made in the same time. */
export function pageOfBoth(
  found: Found,
  changes: readonly SettingChange[] | null,
  before: Place,
  limit: number,
): ActionPage {
  const { actions, next, readTo } = found;
  const end = next === undefined ? Infinity : Math.max(before.at, readTo ?? 0);
  const made = changes?.filter(({ at }) => at <= end) ?? [];
  if (actions.length + made.length > limit) return firstOf(actions, made, before, limit);
  return {
    ...{ actions, readTo, changes: changes && made },
    next: next === undefined ? undefined : `${next}.${end}`,
  };
}

/** The oldest ones. Changes of one instant stay together, so there may be more than `limit`. */
function firstOf(
  actions: readonly Action[],
  changes: readonly SettingChange[],
  before: Place,
  limit: number,
): ActionPage {
  let [acted, changed] = [0, 0];
  const nextChange = () => changes[changed]?.at ?? Infinity;
  while (acted + changed < limit) {
    if (nextChange() <= (actions[acted]?.at ?? Infinity)) changed += 1;
    else acted += 1;
  }
  const last = changes[changed - 1]?.at ?? before.at;
  while (nextChange() === last) changed += 1;
  const { sequence } = actions[acted - 1] ?? before;
  return {
    actions: actions.slice(0, acted),
    changes: changes.slice(0, changed),
    next: `${sequence}.${Math.max(0, last)}`,
    readTo: Math.max(last, actions[acted - 1]?.at ?? 0),
  };
}
