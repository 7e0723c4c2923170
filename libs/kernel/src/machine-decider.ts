import {
  initialTransition,
  transition,
  type AnyStateMachine,
  type ContextFrom,
  type EventFromLogic,
  type StateValue,
} from 'xstate';
import { deciderBy, type Decider, type NotNow, type Proposal } from './decider.js';

/** A machine's state as it is stored: plain data, without XState's bookkeeping. */
export interface MachineState<Value extends StateValue, Context> {
  readonly value: Value;
  readonly context: Context;
}

type StateOf<Machine extends AnyStateMachine> = MachineState<StateValue, ContextFrom<Machine>>;

/** Whether `event` may happen in `state`: about a microsecond, nothing is computed. */
export function permits<Machine extends AnyStateMachine>(
  machine: Machine,
  state: StateOf<Machine>,
  event: EventFromLogic<Machine>,
): boolean {
  return machine.resolveState(state).can(event);
}

/** Makes a decider of a machine: a command proposes events, the machine says whether they may happen. */
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
  const stored = (snapshot: { value: StateValue; context: unknown }) =>
    ({ value: snapshot.value, context: snapshot.context }) as State;

  function apply(state: State, event: Event): State | undefined {
    const snapshot = machine.resolveState(state);
    if (!snapshot.can(event)) return undefined;
    const [next] = transition(machine as AnyStateMachine, snapshot, event);
    return stored(next);
  }

  const initial = stored(initialTransition(machine as AnyStateMachine)[0]);
  return deciderBy(initial, propose, apply, ({ value }) => value);
}
