import { isLost } from '#diagnosis';
import { useTick } from '../../parts/use-tick.js';
import { latencyNow, rateNow, rateTick } from '../../rates.js';
import { linkTo } from '../../route.js';
import type { Agent, WaitingRequests } from '../../types.js';
import { useAnswer } from '../../use-answer.js';
import { durationOf } from '../../words.js';
import { Figure } from './figure.js';

/** How often it is asked which requests wait (ms). */
const LOOK_MS = 2_000;

interface RequestsProps {
  /** How many were refused in the last day. */
  readonly refused: number;
  /** Null while they are not known. */
  readonly agents: readonly Pick<Agent, 'lost' | 'hasStopped'>[] | null;
}

/** How many requests are served, wait and were refused; and how many agents are lost. */
export function Requests({ refused, agents }: RequestsProps) {
  // Read, so that this is drawn again each second.
  void rateTick.value;
  const { answer } = useAnswer<WaitingRequests>('/v1/waiting', useTick(LOOK_MS));
  const rate = rateNow();
  const latency = latencyNow();
  const waiting = answer?.waiting ?? 0;
  const lost = agents?.filter(isLost).length ?? 0;
  return (
    <ul class="numbers">
      <Figure
        {...{ of: rate.toFixed(rate < 10 ? 2 : 0), says: 'allocations a second' }}
        {...{ to: linkTo('allocations'), colour: 'live' }}
      />
      {latency && (
        <Figure
          {...{ of: durationOf(latency.half), colour: 'live', to: linkTo('allocations') }}
          says={`to the answer (p99 ${durationOf(latency.most)})`}
        />
      )}
      <Figure
        {...{ of: waiting, says: 'waiting for a slot', to: linkTo('allocations') }}
        colour={waiting > 0 ? 'awaiting' : 'cold'}
      />
      <Figure
        {...{ of: refused, says: 'refused in a day', to: linkTo('refusals') }}
        colour={refused > 0 ? 'refused' : 'cold'}
      />
      <Figure
        {...{
          of: lost,
          says: lost === 1 ? 'agent lost' : 'agents lost',
          to: `${linkTo('machines')}?heard=lost`,
        }}
        colour={lost > 0 ? 'lost' : 'cold'}
      />
    </ul>
  );
}
