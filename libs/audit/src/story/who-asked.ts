import type { SlotEvent } from '#slot';

/** What was recorded of who asked for an event; undefined where nobody did. */
export function whoAsked(event: SlotEvent): string | undefined {
  if ('by' in event) return event.by;
  return 'requestedBy' in event ? event.requestedBy : undefined;
}
