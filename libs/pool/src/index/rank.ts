import { isWarm, runOf, type SlotState } from '#slot';
import type { OfferClass, Shape } from '../slot-entry.js';
import type { SlotRequirements } from '../slot-requirements.js';

/** The criteria by which slots that fit are compared, in this order. */
export type Criterion = 'failed-starts' | 'priority' | 'process';

/** Whether a slot's process serves a request: `other` must be replaced. */
export type ProcessFit = 'ready' | 'none' | 'other';

/** The parts of a shape that are compared. */
export interface Ranked extends Pick<Shape, 'isFailing' | 'runs' | 'isReady'> {
  readonly offerClass: Pick<OfferClass, 'offered'>;
}

/** What a slot is to a request, compared with others that fit. */
export interface Rank {
  /** Whether its last game failed to start. */
  readonly isFailing: boolean;
  readonly priority: number;
  readonly process: ProcessFit;
}

const COSTS: Readonly<Record<ProcessFit, number>> = { ready: 0, none: 1, other: 2 };

/** The parts of a shape that come from the slot's process, not from its offer. */
export function runningIn(state: SlotState): Pick<Shape, 'isFailing' | 'runs' | 'isReady'> {
  const { process, failedStarts } = state.context;
  const isFailing = failedStarts !== null;
  if (process === null || !isWarm(state)) return { isFailing, runs: null, isReady: false };
  const target = runOf(state);
  const isReady =
    target?.buildConfiguration === process.buildConfiguration && target.version === process.version;
  return { isFailing, runs: `${process.version}@${process.buildConfiguration}`, isReady };
}

export function rankOf(requirements: SlotRequirements, shape: Ranked): Rank {
  const { isFailing, offerClass } = shape;
  const { priority } = offerClass.offered;
  return { isFailing, priority, process: processFit(requirements, shape) };
}

/**
 * Orders ranks, the best first: slots whose last game started, then those whose last game failed to
 * start; among these by priority, lower numbers first; then slots that already run what is asked
 * for, slots without a process, and last slots whose process must be replaced, since another request
 * may want it.
 */
export function compareRanks(one: Rank, other: Rank): number {
  return (
    Number(one.isFailing) - Number(other.isFailing) ||
    one.priority - other.priority ||
    COSTS[one.process] - COSTS[other.process]
  );
}

/** Orders shapes by their ranks. */
export function orderFor(requirements: SlotRequirements): (one: Ranked, other: Ranked) => number {
  return (one, other) => compareRanks(rankOf(requirements, one), rankOf(requirements, other));
}

/** The first criterion by which two different ranks differ. */
export function criterionOf(one: Rank, other: Rank): Criterion {
  if (one.isFailing !== other.isFailing) return 'failed-starts';
  return one.priority !== other.priority ? 'priority' : 'process';
}

function processFit(requirements: SlotRequirements, shape: Ranked): ProcessFit {
  if (runsRequired(requirements, shape)) return 'ready';
  return shape.runs === null ? 'none' : 'other';
}

function runsRequired(requirements: SlotRequirements, { offerClass, runs, isReady }: Ranked) {
  if (requirements.restart === true) return false;
  if (requirements.buildConfiguration === undefined) return isReady;
  const version = offerClass.offered.runsAny ? (requirements.version ?? 0) : 0;
  return runs === `${version}@${requirements.buildConfiguration}`;
}
