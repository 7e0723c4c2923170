import { isLoaded, slots } from '../../live.js';
import { Failure } from '../../parts/failure.js';
import { linkTo } from '../../route.js';
import { useSeen } from '../installation/use-seen.js';
import { Wrong } from '../installation/wrong.js';
import { useRefusals } from '../refusals/use-refusals.js';
import { Last } from './last.js';
import { MachineMap } from './machine-map.js';
import { Numbers } from './numbers.js';
import { Rates } from './rates.js';
import { Refused } from './refused.js';
import { Requests } from './requests.js';

/** The state of everything on one screen. Each number links to its list. */
export function OverviewPage() {
  const all = [...slots.value.values()];
  const { answer: seen, failure } = useSeen();
  const { answer: refusals } = useRefusals();
  return (
    <>
      <h1>Overview</h1>
      {isLoaded.value && all.length === 0 && <p>No slots yet: start an agent.</p>}
      <h2>
        <a href={linkTo('installation')}>What is wrong</a>
      </h2>
      <Failure text={failure} />
      {seen !== null && <Wrong seen={seen} />}
      <Numbers slots={all} />
      <Requests refused={refusals?.length ?? 0} agents={seen?.agents ?? null} />
      <div class="columns">
        <section>
          <Rates />
        </section>
        <section>
          <Refused all={refusals ?? []} />
        </section>
      </div>
      <h2>
        <a href={linkTo('machines')}>Machines</a>
      </h2>
      <MachineMap slots={all} />
      <h2>What happened last</h2>
      <Last />
    </>
  );
}
