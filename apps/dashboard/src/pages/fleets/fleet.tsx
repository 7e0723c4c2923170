import { send } from '../../api.js';
import { slots } from '../../live.js';
import { Changed } from '../../parts/changed.js';
import { Facts } from '../../parts/facts.js';
import { Failure } from '../../parts/failure.js';
import { useAction } from '../../parts/use-action.js';
import { linkTo } from '../../route.js';
import type { Fleet } from '../../types.js';
import { useAnswer } from '../../use-answer.js';
import { ConfigurationForm } from './configuration-form.js';
import { Failing } from './failing.js';
import { LastHour } from './last-hour.js';
import { OverTime } from './over-time.js';
import { RollBack } from './roll-back.js';
import { Rollout } from './rollout.js';
import { SizeForm } from './size-form.js';
import { Unchanged } from './unchanged.js';
import { configurationOf, sizeOf } from './words.js';

/** One fleet: its size and what it runs, both to be changed here, and its slots that fail. */
export function FleetPage({ id }: { readonly id: string }) {
  const { said, act } = useAction();
  const path = `/v1/fleets/${encodeURIComponent(id)}`;
  const { answer: fleet, failure } = useAnswer<Fleet>(path, slots.value, said);
  // The fleet changes only if nobody else has changed it since it was shown here.
  const change = async (method: 'PUT' | 'DELETE', under: string, body?: object) => {
    const headers = { 'if-match': `"${fleet?.revision}"` };
    const { revision } = await send<Fleet>(method, `${path}${under}`, body, headers);
    return `changed: revision ${revision}`;
  };
  return (
    <>
      <h1>{id}</h1>
      <Failure text={failure} />
      {fleet !== null && (
        <>
          <Facts
            of={{
              Slots: (
                <a href={`#/slots?fleet=${encodeURIComponent(id)}`}>
                  {fleet.allocated} allocated, {fleet.warm} warm, {fleet.cold} cold
                </a>
              ),
              Size: sizeOf(fleet),
              Runs: fleet.buildConfiguration ? (
                <a href={linkTo('configurations', configurationOf(fleet))}>
                  {fleet.buildConfiguration}
                </a>
              ) : (
                'as its agents are set'
              ),
              'Last change': fleet.lastChange && <Changed change={fleet.lastChange} />,
              Rollout: fleet.rollout && <Rollout rollout={fleet.rollout} />,
            }}
          />
          <RollBack fleet={fleet} change={(...changed) => act(change(...changed))} />
          <Failing fleet={fleet} />
          <Unchanged fleet={fleet} />
          <OverTime id={id} max={fleet.size?.max} />
          <LastHour id={id} />
          <output>{said}</output>
          <SizeForm fleet={fleet} change={(...changed) => act(change(...changed))} />
          <ConfigurationForm fleet={fleet} change={(...changed) => act(change(...changed))} />
        </>
      )}
    </>
  );
}
