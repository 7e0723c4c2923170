import { Facts } from '../../parts/facts.js';
import { Instant } from '../../parts/instant.js';
import { State } from '../../parts/state.js';
import { linkTo } from '../../route.js';
import type { Slot } from '../../types.js';
import { fleetOf, machineOf, sentenceOf, stateOf } from '../../words.js';

/** What a slot is, now or at another instant. */
export function SlotFacts({ slot }: { readonly slot: Slot }) {
  const { fleet, buildConfiguration, process, address, failure, pending } = slot;
  const { allocation, lastEnd } = slot;
  return (
    <Facts
      of={{
        State: (
          <>
            <State name={stateOf(slot)} /> {pending && `(then ${pending})`}
          </>
        ),
        Machine: <a href={linkTo('machines', machineOf(slot))}>{machineOf(slot)}</a>,
        Fleet: fleet && <a href={linkTo('fleets', fleetOf(slot))}>{fleet}</a>,
        Runs: (
          <>
            {buildConfiguration}
            {process && (
              <>
                , process {process.pid} since <Instant at={process.startedAt} />
              </>
            )}
          </>
        ),
        Address: address,
        Wrong: failure && `${failure.check}: ${failure.reason}`,
        Session: allocation && (
          <a href={linkTo('allocations', allocation.allocationId)}>{allocation.allocationId}</a>
        ),
        'Last session': lastEnd && (
          <>
            <a href={linkTo('allocations', lastEnd.allocationId)}>{lastEnd.allocationId}</a>{' '}
            <Instant at={lastEnd.at} /> {sentenceOf(lastEnd.by)}
          </>
        ),
      }}
    />
  );
}
