import { CHECKS, runOf, statusOf, type Assignment, type SlotState } from '#slot';
import { PlacedList } from '../collections/placed-list.js';
import type { SlotHead } from '../slot-head.js';
import type { ChangeCost, RolloutGroup, RolloutPlace, SlotEntry } from '../slot-entry.js';

/** How far a fleet's slots have come to what they are to run. All fields count slots. */
export interface RolloutCounts {
  /**
   * Slots that are assigned the wanted configuration, also those out of service; falls when one is
   * retired.
   */
  readonly assigned: number;
  readonly done: number;
  /** All slots of the fleet that are in change, to any configuration, including the failed ones. */
  readonly inChange: number;
  /** Slots that change to the wanted configuration and have not failed. */
  readonly changing: number;
  readonly waiting: number;
  readonly failed: number;
}

/** The part of `RolloutIndex` that anyone may read. */
export type KnownRollouts = Pick<RolloutIndex, 'countsOf' | 'nextToChange'>;

/**
 * What the slots of each fleet are assigned, and which of them are changing. Holds only slots whose
 * agent runs any build configuration. Every change costs the same, however many slots there are.
 */
export class RolloutIndex {
  private readonly fleets = new Map<string, Map<string, RolloutGroup>>();

  /** Updates the slot's place from its head. */
  put(entry: SlotEntry): void {
    const { rollout: before } = entry;
    const { state } = entry.head;
    this.delete(entry);
    const { offer, assigned } = state.context;
    const status = statusOf(state);
    if (offer?.runsAny !== true || status === 'unregistered' || status === 'retired') return;
    const group = this.groupOf(offer.fleet, keyOf(assigned));
    const place = placeIn(group, progressOf(state, group, before));
    entry.rollout = place;
    group.slots += 1;
    if (place.isOutOfService) group.outOfService += 1;
    if (place.inChange) group.inChange += 1;
    if (place.failed) group.failed += 1;
    if (place.cost !== null) group.free[place.cost].add(entry);
  }

  delete(entry: SlotEntry): void {
    if (entry.rollout === undefined) return;
    const { group, cost, isOutOfService, inChange, failed } = entry.rollout;
    entry.rollout = undefined;
    group.slots -= 1;
    if (isOutOfService) group.outOfService -= 1;
    if (inChange) group.inChange -= 1;
    if (failed) group.failed -= 1;
    if (cost !== null) group.free[cost].delete(entry);
    if (group.slots > 0) return;
    const groups = this.fleets.get(group.fleet);
    groups?.delete(group.key);
    if (groups?.size === 0) this.fleets.delete(group.fleet);
  }

  /** How far the fleet's slots have come to `wanted`; null means their agents' own setting. */
  countsOf(fleet: string, wanted: Assignment | null): RolloutCounts {
    const groups = this.fleets.get(fleet);
    let [serving, inChange] = [0, 0];
    for (const group of groups?.values() ?? []) {
      serving += group.slots - group.outOfService;
      inChange += group.inChange;
    }
    const own = groups?.get(keyOf(wanted)) ?? emptyGroup(fleet, '');
    const waiting = serving - (own.slots - own.outOfService);
    const done = own.slots - own.outOfService - own.inChange;
    const changing = own.inChange - own.failed;
    return { assigned: own.slots, done, inChange, changing, waiting, failed: own.failed };
  }

  /**
   * A free slot of the fleet that is assigned something else, can be changed at this cost, is not
   * held by a request here, and whose game does not ask to be kept beyond `now` (epoch ms).
   */
  nextToChange(
    fleet: string,
    wanted: Assignment | null,
    cost: ChangeCost,
    now: number,
  ): SlotHead | undefined {
    const key = keyOf(wanted);
    for (const [assigned, group] of this.fleets.get(fleet) ?? []) {
      if (assigned === key) continue;
      for (const { head, isHeld } of group.free[cost].items) {
        if (!isHeld && (head.state.context.heldUntil ?? 0) <= now) return head;
      }
    }
    return undefined;
  }

  private groupOf(fleet: string, key: string): RolloutGroup {
    let groups = this.fleets.get(fleet);
    if (groups === undefined) this.fleets.set(fleet, (groups = new Map<string, RolloutGroup>()));
    let group = groups.get(key);
    if (group === undefined) groups.set(key, (group = emptyGroup(fleet, key)));
    return group;
  }
}

type Progress = Omit<RolloutPlace, 'group'>;

function placeIn(group: RolloutGroup, progress: Progress): RolloutPlace {
  const known = group.places.find((place) => isSame(place, progress));
  if (known !== undefined) return known;
  const place = { group, ...progress };
  group.places.push(place);
  return place;
}

function isSame(one: Progress, other: Progress): boolean {
  return (
    one.cost === other.cost &&
    one.isOutOfService === other.isOutOfService &&
    one.inChange === other.inChange &&
    one.failed === other.failed &&
    one.hasMadeWay === other.hasMadeWay &&
    one.hasProcess === other.hasProcess
  );
}

function progressOf(
  state: SlotState,
  { key }: RolloutGroup,
  before: RolloutPlace | undefined,
): Progress {
  const { assigned, process, warmth, failure, agentLost } = state.context;
  const status = statusOf(state);
  const [hasProcess, isFree] = [process !== null, status === 'available'];
  const isOutOfService = status === 'drained' || status === 'maintenance';
  const isDue = isFree && isToBeWarm(state) && !runsItsOwn(state);
  // Once the process is gone, only the slot's past shows whether its agent is about to start
  // another one.
  const makesWay = before !== undefined && before.group.key !== key && before.hasProcess;
  const hasMadeWay = isDue && (before?.hasMadeWay === true || makesWay);
  const failed = isDue && failure?.check === CHECKS.start;
  const isToStart = hasProcess || (warmth === true && assigned !== null);
  const inChange = isDue && (isToStart || hasMadeWay || failed);
  const cost = !isFree || agentLost ? null : inChange ? 'changing' : costOf(state);
  return { cost, isOutOfService, inChange, failed, hasMadeWay, hasProcess };
}

function costOf(state: SlotState): ChangeCost {
  const { process, warmth } = state.context;
  return isToBeWarm(state) && (process !== null || warmth === true) ? 'warm' : 'cold';
}

/** Null leaves the choice to the agent, which may keep the slot warm. */
function isToBeWarm({ context: { warmth } }: SlotState): boolean {
  return warmth !== false;
}

function runsItsOwn(state: SlotState): boolean {
  const { process } = state.context;
  const target = runOf(state);
  return (
    process !== null &&
    process.buildConfiguration === target?.buildConfiguration &&
    process.version === target.version
  );
}

function keyOf(assigned: Assignment | null): string {
  return assigned === null ? '' : `${assigned.version}@${assigned.buildConfiguration}`;
}

function emptyGroup(fleet: string, key: string): RolloutGroup {
  const list = () => new PlacedList<'rolloutPlace', SlotEntry>('rolloutPlace');
  const free = { changing: list(), cold: list(), warm: list() };
  return { fleet, key, free, slots: 0, outOfService: 0, inChange: 0, failed: 0, places: [] };
}
