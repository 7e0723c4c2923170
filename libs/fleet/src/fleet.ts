import { decider, refusal, type Proposal } from '#kernel';
import type { ConfigureFleet, FleetCommand, SizeFleet } from './fleet.commands.js';
import type { FleetEvent } from './fleet.events.js';
import type { FleetSize, FleetState } from './fleet.state.js';

/**
 * The fleet's decider. It has no machine: the settings of a fleet may be set, changed and withdrawn
 * at any time, so there is no state in which an event cannot happen.
 */
export const fleet = decider<FleetState, FleetCommand, FleetEvent>(
  { size: null, buildConfiguration: null, atATime: 1 },
  propose,
  {
    FleetSized: (state, { size }) => ({ ...state, size }),
    FleetUnsized: (state) => ({ ...state, size: null }),
    FleetConfigured: (state, { buildConfiguration, atATime }) => {
      if (buildConfiguration === state.buildConfiguration) return { ...state, atATime };
      const previousConfiguration = state.buildConfiguration;
      return { ...state, buildConfiguration, previousConfiguration, atATime };
    },
  },
);

function propose(state: FleetState, command: FleetCommand): Proposal<FleetEvent> {
  switch (command.type) {
    case 'SizeFleet':
      return proposeSize(state, command);
    case 'ConfigureFleet':
      return proposeConfiguration(state, command);
    default:
      return command satisfies never;
  }
}

function proposeSize(state: FleetState, { size, at, reason, by }: SizeFleet): Proposal<FleetEvent> {
  const wrong = size === null ? null : contradictionIn(size);
  if (wrong !== null) return refusal('invalid', wrong);
  if (same(state.size, size)) return [];
  return size === null
    ? [{ type: 'FleetUnsized', at, reason, by }]
    : [{ type: 'FleetSized', at, size, reason, by }];
}

function proposeConfiguration(
  state: FleetState,
  { buildConfiguration, atATime, at, reason, by }: ConfigureFleet,
): Proposal<FleetEvent> {
  if (!Number.isSafeInteger(atATime) || atATime < 1) {
    return refusal('invalid', 'atATime must be a whole number, 1 or more');
  }
  if (state.buildConfiguration === buildConfiguration && state.atATime === atATime) return [];
  return [{ type: 'FleetConfigured', at, buildConfiguration, atATime, reason, by }];
}

/** Why the numbers contradict each other; null if they do not. */
export function contradictionIn({ minAvailable, max, buffer }: FleetSize): string | null {
  const isCount = (number: number) => Number.isSafeInteger(number) && number >= 0;
  if (![minAvailable, max, buffer].every(isCount)) {
    return 'minAvailable, max and buffer must be whole numbers, 0 or more';
  }
  if (max < minAvailable) return `max (${max}) must not be below minAvailable (${minAvailable})`;
  if (max < buffer) return `max (${max}) must not be below buffer (${buffer})`;
  return null;
}

/** How many free slots should have a process standing ready while `sessions` sessions run. */
export function warmWanted({ minAvailable, max, buffer }: FleetSize, sessions: number): number {
  return Math.max(0, Math.min(Math.max(minAvailable, buffer), max - sessions));
}

function same(one: FleetSize | null, other: FleetSize | null): boolean {
  if (one === null || other === null) return one === other;
  return (
    one.minAvailable === other.minAvailable && one.max === other.max && one.buffer === other.buffer
  );
}
