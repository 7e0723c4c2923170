import { events, isLoaded, slots } from '../../live.js';
import { linkTo } from '../../route.js';
import type { Slot } from '../../types.js';
import { useRefusals } from '../refusals/refusals.js';
import { sentenceOf, stateOf, STATES, timeOf, instantOf } from '../../words.js';

/** The map is drawn for at most this many slots; for more, numbers are clearer. */
const MAP_MAX = 2_000;

/** The state of everything on one screen. Each number links to its list. */
export function OverviewPage() {
  const all = [...slots.value.values()];
  const count = (state: string) => all.filter((slot) => stateOf(slot) === state).length;
  return (
    <>
      <h1>Overview</h1>
      {isLoaded.value && all.length === 0 && <p>No slots yet: start an agent.</p>}
      <ul class="numbers">
        {STATES.map((state) => (
          <li>
            <a href={`#/slots?state=${state}`} class={`state ${state}`}>
              <strong>{count(state)}</strong> {state}
            </a>
          </li>
        ))}
      </ul>
      <h2>Machines</h2>
      {all.length > MAP_MAX ? (
        <p>{all.length} slots: too many to draw one by one.</p>
      ) : (
        <MachineMap slots={all} />
      )}
      <h2>What happened last</h2>
      {events.value.length === 0 && <p>Nothing since this page was opened.</p>}
      <ol class="events">
        {events.value.slice(0, 12).map((event) => (
          <li key={event.sequence}>
            <time>{timeOf(instantOf(event))}</time>{' '}
            <a href={linkTo('slots', event.slot)}>{event.slot}</a> {sentenceOf(event.type)}
          </li>
        ))}
      </ol>
      <Refusals />
    </>
  );
}

function MachineMap({ slots: all }: { readonly slots: readonly Slot[] }) {
  const machines = Map.groupBy(all, ({ region, agent }) => `${region}.${agent}`);
  return (
    <ul class="machines">
      {[...machines].map(([name, own]) => (
        <li key={name}>
          <a href={`#/slots?q=${encodeURIComponent(`${name}.`)}`}>{name}</a>
          <span class="cells">
            {own.map((slot) => (
              <a
                key={slot.id}
                class={`cell ${stateOf(slot)}`}
                href={linkTo('slots', slot.id)}
                title={`${slot.id}: ${stateOf(slot)}`}
                aria-label={`${slot.id}: ${stateOf(slot)}`}
              />
            ))}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** The refusals of the last day, by code. */
function Refusals() {
  const { refusals } = useRefusals();
  if (refusals.length === 0) return null;
  const byCode = [...Map.groupBy(refusals, ({ code }) => code)];
  return (
    <>
      <h2>
        <a href={linkTo('refusals')}>Refused in the last day</a>
      </h2>
      <ul>
        {byCode.map(([code, own]) => (
          <li key={code}>
            <strong>{own.length}</strong> {code}: {own.at(-1)?.message} (last{' '}
            <code>{own.at(-1)?.allocationId}</code>)
          </li>
        ))}
      </ul>
    </>
  );
}
