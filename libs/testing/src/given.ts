import { deepEqual, fail } from 'node:assert/strict';
import type { Decider, Decision } from '#kernel';

interface Typed {
  readonly type: string;
}

/** An event given by its type alone, or with the fields that matter. */
export type Expected<Event extends Typed> = Event extends Typed
  ? Event['type'] | (Pick<Event, 'type'> & Partial<Event>)
  : never;

/** The result of the last command. */
export interface Outcome<State, Event extends Typed> {
  readonly decision: Decision<State, Event>;
  /** The state after the command; if it was refused, the state before. */
  readonly state: State;
  /** Asserts exactly these events, in this order. */
  then(...expected: readonly Expected<Event>[]): void;
  thenRefused(code: string): void;
  thenNothing(): void;
}

export interface Given<State, Command, Event extends Typed> {
  readonly state: State;
  /** All commands but the last one are history too: they must be accepted. */
  when(...commands: readonly [...Command[], Command]): Outcome<State, Event>;
}

/** An example of a decider: `given(slot, registered).when(request).then('AllocationRequested')`. */
export function given<State, Command extends Typed, Event extends Typed>(
  decider: Decider<State, Command, Event>,
  ...past: readonly Event[]
): Given<State, Command, Event> {
  const state = past.reduce((before, event) => decider.evolve(before, event), decider.initial);
  return {
    state,
    when(...commands) {
      const before = commands.slice(0, -1).reduce((now, command) => {
        const decision = decider.decide(now, command);
        if (decision.kind === 'accepted') return decision.steps.at(-1)?.state ?? now;
        return fail(`${command.type} was refused: ${decision.refusal.message}`);
      }, state);
      return outcome(before, decider.decide(before, commands[commands.length - 1] as Command));
    },
  };
}

function outcome<State, Event extends Typed>(
  before: State,
  decision: Decision<State, Event>,
): Outcome<State, Event> {
  const events = () =>
    decision.kind === 'accepted'
      ? decision.steps.map((step) => step.event)
      : fail(`refused: ${decision.refusal.message}`);
  return {
    decision,
    state: (decision.kind === 'accepted' ? decision.steps.at(-1)?.state : undefined) ?? before,
    then: (...expected) => deepEqual(events().map(shownAs(expected)), expected),
    thenRefused(code) {
      if (decision.kind === 'accepted') return fail(`accepted: ${JSON.stringify(events())}`);
      deepEqual(decision.refusal.code, code);
    },
    thenNothing: () => deepEqual(events(), []),
  };
}

/** Shows only the expected fields of each event, so that a difference is easy to read. */
function shownAs<Event extends Typed>(expected: readonly Expected<Event>[]) {
  return (event: Event, index: number): unknown => {
    const wanted: unknown = expected[index];
    if (typeof wanted === 'string' || wanted === undefined) return event.type;
    const fields = Object.keys(wanted as object).map((key) => [key, event[key as keyof Event]]);
    return Object.fromEntries(fields) as unknown;
  };
}
