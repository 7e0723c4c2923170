import type { SlotState } from '#slot';
import { slotName, slotOfSubject, type Action, type SlotRecord } from '#wire';
import { whoAsked } from './who-asked.js';

/** What somebody asked for, as an event shows it; undefined where nobody asked for the event. */
export function actionOf(
  sequence: number,
  subject: string,
  { event, state }: Pick<SlotRecord, 'event' | 'state'>,
): Action | undefined {
  const by = whoAsked(event);
  if (by === undefined) return undefined;
  const allocationId = allocationIn(event.type, state);
  return {
    sequence,
    slot: slotName(slotOfSubject(subject)),
    at: event.at,
    event: event.type,
    by,
    ...('reason' in event && { reason: event.reason }),
    ...(allocationId !== undefined && { allocationId }),
  };
}

/** The session that the event began or ended. */
function allocationIn(type: string, { context }: SlotState): string | undefined {
  if (type === 'AllocationRequested') return context.allocation?.id;
  return context.lastEnd?.by === type ? context.lastEnd.allocationId : undefined;
}
