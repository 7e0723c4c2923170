import { refusal, type Decider, type Refusal } from '#kernel';
import type { FleetCommand } from './fleet.commands.js';
import type { FleetEvent } from './fleet.events.js';
import type { FleetSize, FleetState } from './fleet.state.js';

/**
 * The fleet's decider. It has no machine: what is wanted of a fleet may be set, changed and withdrawn
 * at any time, so there is no state in which an event could not happen.
 */
export const fleet: Decider<FleetState, FleetCommand, FleetEvent> = {
  initial: { size: null, buildConfiguration: null, atATime: 1 },

  decide(state, command) {
    const event = proposed(state, command);
    if (event === null) return { kind: 'accepted', steps: [] };
    if ('code' in event) return { kind: 'refused', refusal: event };
    return { kind: 'accepted', steps: [{ event, state: evolve(state, event) }] };
  },

  evolve,
};

/** Null where it is so already. */
function proposed(state: FleetState, command: FleetCommand): FleetEvent | Refusal | null {
  const { at, reason, by } = command;
  switch (command.type) {
    case 'SizeFleet': {
      const { size } = command;
      const wrong = size === null ? null : contradictionIn(size);
      if (wrong !== null) return refusal('invalid', wrong);
      if (same(state.size, size)) return null;
      return size === null
        ? { type: 'FleetUnsized', at, reason, by }
        : { type: 'FleetSized', at, size, reason, by };
    }
    case 'ConfigureFleet': {
      const { buildConfiguration, atATime } = command;
      if (!Number.isSafeInteger(atATime) || atATime < 1) {
        return refusal('invalid', 'atATime must be a whole number, 1 or more');
      }
      return state.buildConfiguration === buildConfiguration && state.atATime === atATime
        ? null
        : { type: 'FleetConfigured', at, buildConfiguration, atATime, reason, by };
    }
    default:
      return command satisfies never;
  }
}

function evolve(state: FleetState, event: FleetEvent): FleetState {
  switch (event.type) {
    case 'FleetSized':
      return { ...state, size: event.size };
    case 'FleetUnsized':
      return { ...state, size: null };
    case 'FleetConfigured': {
      const { buildConfiguration, atATime } = event;
      return { ...state, buildConfiguration, atATime };
    }
    default:
      return event satisfies never;
  }
}

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
