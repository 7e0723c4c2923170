import { refusal, type Decider } from '#kernel';
import type { FleetCommand } from './fleet.commands.js';
import type { FleetEvent } from './fleet.events.js';
import type { FleetSize, FleetState } from './fleet.state.js';

/**
 * The fleet's decider. It has no machine: a size may be set, changed and withdrawn at any time, so
 * there is no state in which an event could not happen.
 */
export const fleet: Decider<FleetState, FleetCommand, FleetEvent> = {
  initial: { size: null },

  decide(state, { size, at, reason, by }) {
    const wrong = size === null ? null : contradictionIn(size);
    if (wrong !== null) return { kind: 'refused', refusal: refusal('invalid', wrong) };
    if (same(state.size, size)) return { kind: 'accepted', steps: [] };
    const event: FleetEvent =
      size === null
        ? { type: 'FleetUnsized', at, reason, by }
        : { type: 'FleetSized', at, size, reason, by };
    return { kind: 'accepted', steps: [{ event, state: { size } }] };
  },

  evolve(_, event) {
    switch (event.type) {
      case 'FleetSized':
        return { size: event.size };
      case 'FleetUnsized':
        return { size: null };
      default:
        return event satisfies never;
    }
  },
};

/** Why the numbers cannot all be kept; null where they can. */
export function contradictionIn({ minAvailable, max, buffer }: FleetSize): string | null {
  const isCount = (number: number) => Number.isSafeInteger(number) && number >= 0;
  if (![minAvailable, max, buffer].every(isCount)) {
    return 'minAvailable, max and buffer must be whole numbers, 0 or more';
  }
  if (max < minAvailable) return `max (${max}) must not be below minAvailable (${minAvailable})`;
  if (max < buffer) return `max (${max}) must not be below buffer (${buffer})`;
  return null;
}

/** How many free slots shall have a process standing ready while so many sessions run. */
export function warmWanted({ minAvailable, max, buffer }: FleetSize, sessions: number): number {
  return Math.max(0, Math.min(Math.max(minAvailable, buffer), max - sessions));
}

function same(one: FleetSize | null, other: FleetSize | null): boolean {
  if (one === null || other === null) return one === other;
  return (
    one.minAvailable === other.minAvailable && one.max === other.max && one.buffer === other.buffer
  );
}
