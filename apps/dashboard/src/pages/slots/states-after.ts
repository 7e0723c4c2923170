import type { SlotEvent } from '../../types.js';

/** The state that each of a slot's events led to: `lost` until its agent is back, and if it is unreadable. */
export function statesAfter(events: readonly SlotEvent[]): readonly string[] {
  let isLost = false;
  return events.map((event) => {
    if (event.type === 'AgentLost') isLost = true;
    if (event.type === 'AgentReturned') isLost = false;
    return isLost || !('state' in event) ? 'lost' : (event.phase ?? event.state);
  });
}
