import { runOf, statusOf, type Assignment, type SlotState } from '#slot';

/**
 * What it takes to change what a free slot is to run: `stirred`, it is changing already, from one
 * thing to another; `atOnce`, no process has to make way; `warm`, one has, or is about to start.
 */
export type Effort = 'stirred' | 'atOnce' | 'warm';

/** How far a fleet has come to what its slots are to run, in slots. */
export interface RolloutCounts {
  /** Slots that are assigned it, those out of service too: it falls when one is retired. */
  readonly assigned: number;
  readonly done: number;
  /** Slots that change, to whatever. The failed ones are among them. */
  readonly inChange: number;
  /** Slots that change to it, and have not failed. */
  readonly changing: number;
  readonly waiting: number;
  readonly failed: number;
}

interface Place {
  readonly fleet: string;
  /** What the slot is assigned. */
  readonly key: string;
  /** Null: it cannot be changed now. */
  readonly effort: Effort | null;
  /** Whether it is drained or in maintenance. */
  readonly isOut: boolean;
  readonly inChange: boolean;
  readonly failed: boolean;
  /** Whether a process had to make way for what it is assigned, and nothing runs since. */
  readonly stirred: boolean;
  readonly hasProcess: boolean;
}

/** The slots of a fleet that are assigned the same. */
interface Group {
  readonly free: Readonly<Record<Effort, Set<string>>>;
  slots: number;
  out: number;
  inChange: number;
  failed: number;
}

/**
 * What the slots of each fleet are assigned, and which of them are on the way to it. Only slots
 * whose agent runs any build configuration. Every change costs the same, be there many.
 */
export class Rollouts {
  private readonly fleets = new Map<string, Map<string, Group>>();
  private readonly placeOf = new Map<string, Place>();

  learn(subject: string, state: SlotState): void {
    const before = this.placeOf.get(subject);
    const place = placeFor(state, before);
    if (before !== undefined) this.remove(subject, before);
    if (place === null) this.placeOf.delete(subject);
    else this.add(subject, place);
  }

  delete(subject: string): void {
    const before = this.placeOf.get(subject);
    if (before === undefined) return;
    this.remove(subject, before);
    this.placeOf.delete(subject);
  }

  countsOf(fleet: string, wanted: Assignment | null): RolloutCounts {
    const key = keyOf(wanted);
    let [serving, inChange] = [0, 0];
    for (const group of this.fleets.get(fleet)?.values() ?? []) {
      serving += group.slots - group.out;
      inChange += group.inChange;
    }
    const own = this.fleets.get(fleet)?.get(key) ?? noSlots();
    const waiting = serving - (own.slots - own.out);
    const done = own.slots - own.out - own.inChange;
    const changing = own.inChange - own.failed;
    return { assigned: own.slots, done, inChange, changing, waiting, failed: own.failed };
  }

  /** Free slots that are assigned something else, and could be changed with this effort. */
  *others(fleet: string, wanted: Assignment | null, effort: Effort): Iterable<string> {
    const key = keyOf(wanted);
    for (const [assigned, group] of this.fleets.get(fleet) ?? []) {
      if (assigned !== key) yield* group.free[effort];
    }
  }

  private add(subject: string, place: Place): void {
    const { fleet, key, effort, isOut, inChange, failed } = place;
    const groups = this.fleets.get(fleet) ?? new Map<string, Group>();
    const group = groups.get(key) ?? noSlots();
    this.fleets.set(fleet, groups.set(key, group));
    this.placeOf.set(subject, place);
    group.slots += 1;
    if (isOut) group.out += 1;
    if (inChange) group.inChange += 1;
    if (failed) group.failed += 1;
    if (effort !== null) group.free[effort].add(subject);
  }

  private remove(subject: string, { fleet, key, effort, isOut, inChange, failed }: Place): void {
    const groups = this.fleets.get(fleet);
    const group = groups?.get(key);
    if (groups === undefined || group === undefined) return;
    group.slots -= 1;
    if (isOut) group.out -= 1;
    if (inChange) group.inChange -= 1;
    if (failed) group.failed -= 1;
    if (effort !== null) group.free[effort].delete(subject);
    if (group.slots === 0) groups.delete(key);
    if (groups.size === 0) this.fleets.delete(fleet);
  }
}

function placeFor(state: SlotState, before: Place | undefined): Place | null {
  const { offer, assigned, process, failure, agentLost } = state.context;
  const status = statusOf(state);
  if (offer?.runsAny !== true || status === 'unregistered' || status === 'retired') return null;
  const key = keyOf(assigned);
  const [hasProcess, isFree] = [process !== null, status === 'available'];
  const isOut = status === 'drained' || status === 'maintenance';
  const isDue = isFree && isToBeWarm(state) && !runsItsOwn(state);
  // With its process gone, nothing but its past tells whether its agent is to start another one.
  const madeWay = before !== undefined && before.key !== key && before.hasProcess;
  const stirred = isDue && (before?.stirred === true || madeWay);
  const failed = isDue && failure?.check === 'start';
  const isToStart = hasProcess || (state.context.warmth === true && assigned !== null);
  const inChange = isDue && (isToStart || stirred || failed);
  const effort = !isFree || agentLost ? null : inChange ? 'stirred' : effortOf(state);
  const { fleet } = offer;
  return { fleet, key, effort, isOut, inChange, failed, stirred, hasProcess };
}

function effortOf(state: SlotState): Effort {
  const { process, warmth } = state.context;
  return isToBeWarm(state) && (process !== null || warmth === true) ? 'warm' : 'atOnce';
}

/** Null is left to the agent, which may keep it warm. */
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

function noSlots(): Group {
  const free = { stirred: new Set<string>(), atOnce: new Set<string>(), warm: new Set<string>() };
  return { free, slots: 0, out: 0, inChange: 0, failed: 0 };
}
