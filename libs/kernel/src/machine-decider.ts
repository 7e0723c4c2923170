import {
  initialTransition,
  transition,
  type AnyStateMachine,
  type ContextFrom,
  type EventFromLogic,
  type StateValue,
} from 'xstate';
import {
  isRefusal,
  refusal,
  type Decider,
  type Decision,
  type Proposal,
  type Transition,
} from './decider.js';
import { ImpossibleEvent } from './errors.js';

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

/**
 * Makes a decider of a machine. A command proposes events; the machine says whether they may
 * happen. The same transition that decides today replays tomorrow, so the two cannot drift apart.
 */
export function machineDecider<
  Machine extends AnyStateMachine,
  State extends StateOf<Machine>,
  Command,
  Event extends EventFromLogic<Machine>,
>(
  machine: Machine,
  propose: (state: State, command: Command) => Proposal<Event>,
): Decider<State, Command, Event> {
  function step(state: State, event: Event): State | undefined {
    const snapshot = machine.resolveState(state);
    if (!snapshot.can(event)) return undefined;
    const [next] = transition(machine as AnyStateMachine, snapshot, event);
    return stored(next);
  }

  const stored = (snapshot: { value: StateValue; context: unknown }) =>
    ({ value: snapshot.value, context: snapshot.context }) as State;

  return {
    initial: stored(initialTransition(machine as AnyStateMachine)[0]),

    decide(state, command): Decision<State, Event> {
      const proposal = propose(state, command);
      if (isRefusal(proposal)) return { kind: 'refused', refusal: proposal };
      const steps: Transition<State, Event>[] = [];
      let current = state;
      for (const event of proposal) {
        const next = step(current, event);
        if (next === undefined) return { kind: 'refused', refusal: forbidden(current, event) };
        steps.push({ event, state: next });
        current = next;
      }
      return { kind: 'accepted', steps };
    },

    evolve(state, event) {
      const next = step(state, event);
      if (next === undefined) throw impossible(state, event);
      return next;
    },
  };
}

function forbidden(state: { value: StateValue }, event: { type: string }) {
  return refusal('not-now', `${event.type} may not happen in state ${JSON.stringify(state.value)}`);
}

function impossible(state: { value: StateValue }, event: { type: string }) {
  return new ImpossibleEvent(event.type, state.value);
}
