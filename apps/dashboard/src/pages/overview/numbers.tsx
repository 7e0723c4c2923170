import { linkTo } from '../../route.js';
import type { Agent, Slot, WaitingRequests } from '../../types.js';
import { useTick } from '../../parts/use-tick.js';
import { useAnswer } from '../../use-answer.js';
import { stateOf, STATES } from '../../words.js';

/** How often it is asked which requests wait (ms). */
const LOOK_MS = 2_000;

interface NumbersProps {
  readonly slots: readonly Slot[];
  /** Null while they are not known. */
  readonly agents: readonly Pick<Agent, 'lost'>[] | null;
}

/** How many slots are in each state, how many requests wait, and how many agents are lost. */
export function Numbers({ slots, agents }: NumbersProps) {
  const counts = Map.groupBy(slots, stateOf);
  const { answer } = useAnswer<WaitingRequests>('/v1/waiting', useTick(LOOK_MS));
  const waiting = answer?.waiting ?? 0;
  const lost = agents?.filter((agent) => agent.lost > 0).length ?? 0;
  return (
    <ul class="numbers">
      {STATES.map((state) => (
        <Figure of={counts.get(state)?.length ?? 0} says={state} to={`#/slots?state=${state}`} />
      ))}
      <Figure
        {...{ of: waiting, says: 'requests waiting', to: linkTo('allocations') }}
        colour={waiting > 0 ? 'awaiting' : 'cold'}
      />
      <Figure
        {...{ of: lost, says: 'agents lost', to: linkTo('machines') }}
        colour={lost > 0 ? 'lost' : 'cold'}
      />
    </ul>
  );
}

interface FigureProps {
  readonly of: number;
  readonly says: string;
  readonly to: string;
  readonly colour?: string;
}

/** A number that leads to its list. */
function Figure({ of, says, to, colour = says }: FigureProps) {
  return (
    <li>
      <a href={to} class={`state ${colour}`}>
        <strong>{of}</strong> {says}
      </a>
    </li>
  );
}
