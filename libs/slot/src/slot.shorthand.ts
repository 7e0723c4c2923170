import type { SlotEvent } from './slot.events.js';
import { claimTerms, UNNAMED } from './slot.parts.js';
import { allocation, context, type SlotState } from './slot.state.js';

/*
 * Events are printed without the members below where they have these values, which every reader
 * takes a missing one for: they are the defaults of the schemas, and were those of version 0.2.0 if
 * it knew the member at all. What 0.2.0 has no default for is printed always.
 */
const TERMS = {
  version: 0,
  restartsMax: null,
  readiness: false,
  fresh: false,
  requestedBy: UNNAMED,
} as const;
const CONTEXT = {
  warmth: null,
  assigned: null,
  heldUntil: null,
  failure: null,
  failedStarts: null,
} as const;

/** Members in the order in which the machine and the schemas have them, so that prints are equal. */
const CLAIM_ORDER = ['allocationId', ...Object.keys(claimTerms), 'sessionMs', 'asked', 'grounds'];
const ALLOCATION_ORDER = Object.keys(allocation.shape);
const CONTEXT_ORDER = Object.keys(context.shape);

/** What is printed of an event without its type and instant; members that are undefined are not. */
export function shortEvent(event: object, type: string): object {
  return isClaim(type) ? without(TERMS, event) : event;
}

/** What is printed of a state; members that are undefined are not. */
export function shortState({ value, context }: SlotState): object {
  const short: Members = without(CONTEXT, context);
  if (context.allocation !== null) short['allocation'] = without(TERMS, context.allocation);
  return { value, context: short };
}

/** An event, without its type and instant, of which `shortEvent` printed a part. */
export function wholeEvent(event: object, type: string): object {
  return isClaim(type) ? withAll(TERMS, CLAIM_ORDER, event) : event;
}

/** A state of which `shortState` printed a part. */
export function wholeState({ value, context }: SlotState): SlotState {
  const whole = withAll(CONTEXT, CONTEXT_ORDER, context);
  if (context.allocation !== null) {
    whole['allocation'] = withAll(TERMS, ALLOCATION_ORDER, context.allocation);
  }
  return { value, context: whole as unknown as SlotState['context'] };
}

type Members = Record<string, unknown>;

function isClaim(type: string): boolean {
  return type === ('AllocationRequested' satisfies SlotEvent['type']);
}

function without(defaults: Readonly<Members>, object: object): Members {
  const short: Members = { ...object };
  for (const name in defaults) if (short[name] === defaults[name]) short[name] = undefined;
  return short;
}

function withAll(defaults: Readonly<Members>, order: readonly string[], object: object): Members {
  const whole: Members = {};
  for (const name of order) {
    const printed = (object as Members)[name];
    const member = printed === undefined ? defaults[name] : printed;
    if (member !== undefined) whole[name] = member;
  }
  return whole;
}
