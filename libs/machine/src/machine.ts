import { decider, type Proposal } from '#kernel';
import type { MachineCommand, NoteRefusal, SetPolicy } from './machine.commands.js';
import type { MachineEvent } from './machine.events.js';
import type { MachineState } from './machine.state.js';

/**
 * A refusal is recorded at most once in this time (ms): a machine repeats its reports, and the log
 * keeps 1,024 events of each machine.
 */
export const REFUSAL_NOTED_MS = 3_600_000;

/** The decider of a machine's policy. Any event may happen in any state. */
export const machine = decider<MachineState, MachineCommand, MachineEvent>(
  { policy: null, refused: null },
  propose,
  {
    PolicySet: (_, { policy }) => ({ policy, refused: null }),
    PolicyRemoved: () => ({ policy: null, refused: null }),
    RegistrationRefused: (state, { slot, reason, at }) => {
      return { ...state, refused: { slot, reason, at } };
    },
  },
);

function propose(state: MachineState, command: MachineCommand): Proposal<MachineEvent> {
  switch (command.type) {
    case 'SetPolicy':
      return proposePolicy(state, command);
    case 'NoteRefusal':
      return proposeRefusal(state, command);
    default:
      return command satisfies never;
  }
}

function proposePolicy(
  state: MachineState,
  { policy, at, reason, by }: SetPolicy,
): Proposal<MachineEvent> {
  if (JSON.stringify(state.policy) === JSON.stringify(policy)) return [];
  return policy === null
    ? [{ type: 'PolicyRemoved', at, reason, by }]
    : [{ type: 'PolicySet', at, policy, reason, by }];
}

function proposeRefusal(
  { refused }: MachineState,
  { slot, reason, at }: NoteRefusal,
): Proposal<MachineEvent> {
  if (refused !== null && at - refused.at < REFUSAL_NOTED_MS) return [];
  return [{ type: 'RegistrationRefused', at, slot, reason }];
}
