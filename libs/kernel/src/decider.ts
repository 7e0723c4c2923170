/**
 * One accepted event together with the state it leads to. The log stores both, so that a reader
 * needs no machine to know the present, and an audit can prove that the state follows.
 */
export interface Transition<State, Event> {
  readonly event: Event;
  readonly state: State;
}

/** The domain says no. Not an error: it is answered to whoever asked. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
}

export type Decision<State, Event> =
  | { readonly kind: 'accepted'; readonly steps: readonly Transition<State, Event>[] }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** What a command would record, before the law is asked; or why it proposes nothing. */
export type Proposal<Event> = readonly Event[] | Refusal;

/** Event sourcing in three pure functions; `evolve` throws `ImpossibleEvent`, `decide` never. */
export interface Decider<State, Command, Event> {
  readonly initial: State;
  decide(state: State, command: Command): Decision<State, Event>;
  evolve(state: State, event: Event): State;
}

export function refusal(code: string, message: string): Refusal {
  return { code, message };
}

export function isRefusal<Event>(proposal: Proposal<Event>): proposal is Refusal {
  return !Array.isArray(proposal);
}
