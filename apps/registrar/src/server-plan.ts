import { isAwaiting, statusOf, type Allocation, type SlotState } from '#slot';
import { DEPARTURES, isCalledFor, unloggedSession, type Registration } from './registration.js';

/** A claim of the slot, as the log tells of it. */
export interface Claim {
  readonly fence: number;
  readonly allocation: Allocation;
}

/** One action for a registered server. */
export type Action =
  /** Report what is known of the server, unless the log shows it already. */
  | { readonly type: 'report' }
  | { readonly type: 'call'; readonly claim: Claim }
  | { readonly type: 'refuse'; readonly claim: Claim; readonly reason: string }
  /** The slot is used up: a registration has one slot, and the slot has one session at most. */
  | { readonly type: 'retire'; readonly reason: string }
  | { readonly type: 'forget' };

const report: Action = { type: 'report' };

/** What to do next, by what the log says of the slot and what is known of its server. */
export function nextAction(state: SlotState, registration: Registration): Action {
  const { departure } = registration;
  const status = statusOf(state);
  switch (status) {
    case 'unregistered':
      return departure === null ? report : { type: 'forget' };
    case 'available':
    case 'drained':
    case 'maintenance':
      return departure === null ? report : { type: 'retire', reason: DEPARTURES[departure] };
    case 'allocated':
      return isAwaiting(state) ? actionWhileAwaiting(state, registration) : report;
    case 'deallocated':
      // What the log has lost comes back before the slot is retired.
      if (unloggedSession(registration, state.context) !== null) return report;
      return { type: 'retire', reason: endOf(state) };
    case 'retired':
      return { type: 'forget' };
    default:
      return status satisfies never;
  }
}

function actionWhileAwaiting({ context }: SlotState, registration: Registration): Action {
  const { fence, allocation } = context;
  const { departure } = registration;
  if (allocation === null || isCalledFor(registration, context)) return report;
  if (unloggedSession(registration, context) !== null) return report;
  const claim = { fence, allocation };
  if (departure !== null) return { type: 'refuse', claim, reason: DEPARTURES[departure] };
  return { type: 'call', claim };
}

function endOf({ context: { lastEnd } }: SlotState): string {
  if (lastEnd === null) return 'its session is over';
  const { by, reason } = lastEnd;
  return `its session is over: ${reason === '' ? by : `${by}, ${reason}`}`;
}

/** Whether no request has claimed the slot yet. Only then do keep-alives count. */
export function isFree(state: SlotState): boolean {
  return !['allocated', 'deallocated', 'retired'].includes(statusOf(state));
}
