import {
  initialTransition,
  type AnyStateMachine,
  type ContextFrom,
  type EventFromLogic,
  type StateValue,
} from 'xstate';
import { deciderBy, type Decider, type NotNow, type Proposal } from './decider.js';
import { TransitionTable } from './transition-table.js';

/** A machine's state as it is stored: plain data, without XState's bookkeeping. */
export interface MachineState<Value extends StateValue, Context> {
  readonly value: Value;
  readonly context: Context;
}

type StateOf<Machine extends AnyStateMachine> = MachineState<StateValue, ContextFrom<Machine>>;

/** Whether `event` may happen in `state`; does not compute the next state. */
export function permits<Machine extends AnyStateMachine>(
  machine: Machine,
  state: StateOf<Machine>,
  event: EventFromLogic<Machine>,
): boolean {
  return TransitionTable.of(machine).permits(state, event);
}

/**
 * Makes a decider of a machine: a command proposes events, the machine says whether they may
 * happen.
 *
 * @throws {TypeError} if the machine uses a feature that a table of transitions cannot express
 */
export function machineDecider<
  Machine extends AnyStateMachine,
  State extends StateOf<Machine>,
  Command,
  Event extends EventFromLogic<Machine>,
  Code extends string,
>(
  machine: Machine,
  propose: (state: State, command: Command) => Proposal<Event, Code>,
): Decider<State, Command, Event, Code | NotNow> {
  const table = TransitionTable.of(machine);
  const stored = ({ value, context }: { value: StateValue; context: unknown }) =>
    ({ value, context }) as State;
  const initial = stored(initialTransition(machine as AnyStateMachine)[0]);
  const apply = (state: State, event: Event) => table.apply(state, event) as State | undefined;
  return deciderBy(initial, propose, apply, ({ value }) => value);
}
