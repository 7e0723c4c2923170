import type { EndOutcome, RefusalCause } from './slot.parts.js';

/*
 * Versions up to 0.2.0 recorded the cause of a given-up claim in prose only. These functions turn
 * such records into today's form; newer records pass unchanged.
 */

type Stored = Readonly<Record<string, unknown>>;

/** The causes, by the sentences of those versions; any other sentence was the game's. */
const CAUSES: Readonly<Record<string, RefusalCause>> = {
  "beyond the fleet's maximum": 'fleet-maximum',
  'the process ended before it answered': 'process-ended',
};

/** Upcasts a stored event of any version. */
export function upcastEvent(event: unknown): unknown {
  if (!isStored(event) || event['type'] !== 'CallbackRefused' || 'cause' in event) return event;
  return { ...event, cause: causeIn(event) };
}

/** Upcasts a stored state's `lastEnd` of any version. */
export function upcastEnd(end: unknown): unknown {
  if (!isStored(end) || 'outcome' in end) return end;
  return { ...end, outcome: outcomeOf(end) };
}

function outcomeOf(end: Stored): EndOutcome {
  switch (end['by']) {
    case 'CallbackRefused':
      return causeIn(end) === 'fleet-maximum' ? 'withdrawn' : 'failed';
    case 'CallbackTimedOut':
      return 'failed';
    default:
      return 'over';
  }
}

function causeIn({ reason }: Stored): RefusalCause {
  const known = typeof reason === 'string' && Object.hasOwn(CAUSES, reason);
  return (known ? CAUSES[reason] : undefined) ?? 'game';
}

function isStored(value: unknown): value is Stored {
  return typeof value === 'object' && value !== null;
}
