import { ImpossibleEvent } from './errors.js';

/**
 * One accepted event together with the state it leads to. The log stores both: a reader knows the
 * present without the machine, and an audit can prove that the state follows from the event.
 */
export interface Transition<State, Event> {
  readonly event: Event;
  readonly state: State;
}

/** The domain says no. Not an error: it is the answer to the caller. */
export interface Refusal<Code extends string = string> {
  readonly code: Code;
  readonly message: string;
}

export type Decision<State, Event, Code extends string = string> =
  | { readonly kind: 'accepted'; readonly steps: readonly Transition<State, Event>[] }
  | { readonly kind: 'refused'; readonly refusal: Refusal<Code> };

/** The events that a command would record, before they are checked; or why it proposes none. */
export type Proposal<Event, Code extends string = string> = readonly Event[] | Refusal<Code>;

/**
 * Event sourcing in three pure functions. `evolve` throws `ImpossibleEvent`; `decide` never throws.
 */
export interface Decider<State, Command, Event, Code extends string = string> {
  readonly initial: State;
  decide(state: State, command: Command): Decision<State, Event, Code>;
  evolve(state: State, event: Event): State;
}

/** The code of a refusal by the machine: the event may not happen in the current state. */
export type NotNow = 'not-now';

/** What each kind of event does to a state. */
export type Changes<State, Event extends { readonly type: string }> = {
  readonly [Type in Event['type']]: (state: State, event: Extract<Event, { type: Type }>) => State;
};

export function refusal<Code extends string>(code: Code, message: string): Refusal<Code> {
  return { code, message };
}

function isRefusal<Event, Code extends string>(
  proposal: Proposal<Event, Code>,
): proposal is Refusal<Code> {
  return !Array.isArray(proposal);
}

/** A decider without a machine: any event may happen in any state. */
export function decider<State, Command, Event extends { readonly type: string }>(
  initial: State,
  propose: (state: State, command: Command) => Proposal<Event>,
  changes: Changes<State, Event>,
): Decider<State, Command, Event> {
  const changeOf = (type: Event['type']) =>
    changes[type] as ((state: State, event: Event) => State) | undefined;
  return deciderBy(initial, propose, (state, event) => changeOf(event.type)?.(state, event));
}

/**
 * Builds a decider from its parts. The same function, `apply`, decides today and replays tomorrow,
 * so decision and replay cannot drift apart.
 *
 * @param apply returns the state that an event leads to; undefined if the event cannot happen
 * @param placeOf returns the part of a state that the message of a refusal shows
 */
export function deciderBy<
  State,
  Command,
  Event extends { readonly type: string },
  Code extends string,
>(
  initial: State,
  propose: (state: State, command: Command) => Proposal<Event, Code>,
  apply: (state: State, event: Event) => State | undefined,
  placeOf: (state: State) => unknown = (state) => state,
): Decider<State, Command, Event, Code | NotNow> {
  return {
    initial,

    decide(state, command) {
      const proposal = propose(state, command);
      if (isRefusal(proposal)) return { kind: 'refused', refusal: proposal };
      const steps: Transition<State, Event>[] = [];
      let current = state;
      for (const event of proposal) {
        const next = apply(current, event);
        if (next === undefined) {
          return { kind: 'refused', refusal: notNow(event, placeOf(current)) };
        }
        steps.push({ event, state: next });
        current = next;
      }
      return { kind: 'accepted', steps };
    },

    evolve(state, event) {
      const next = apply(state, event);
      if (next === undefined) throw new ImpossibleEvent(event.type, placeOf(state));
      return next;
    },
  };
}

function notNow({ type }: { readonly type: string }, place: unknown): Refusal<NotNow> {
  return refusal('not-now', `${type} may not happen in state ${JSON.stringify(place)}`);
}
