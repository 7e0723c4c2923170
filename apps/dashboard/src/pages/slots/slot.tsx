import { useEffect, useState } from 'preact/hooks';
import { getAll } from '../../api.js';
import { events, slots } from '../../live.js';
import { linkTo } from '../../route.js';
import { State } from '../../table.js';
import type { SlotEvent } from '../../types.js';
import { wordsOf } from '../../use-answer.js';
import { sentenceOf, stateOf, timeOf, instantOf } from '../../words.js';
import { Directions } from './directions.js';

/** One slot: its state, what can be done with it, and its history. */
export function SlotPage({ id }: { readonly id: string }) {
  const slot = slots.value.get(id);
  return (
    <>
      <h1>{id}</h1>
      {slot === undefined ? (
        <p>No slot of this id is known now; its history may be.</p>
      ) : (
        <>
          <dl>
            <dt>State</dt>
            <dd>
              <State name={stateOf(slot)} /> {slot.pending && `(then ${slot.pending})`}
            </dd>
            <dt>Fleet</dt>
            <dd>{slot.fleet}</dd>
            <dt>Runs</dt>
            <dd>
              {slot.buildConfiguration}
              {slot.process &&
                `, process ${slot.process.pid} since ${timeOf(slot.process.startedAt)}`}
            </dd>
            <dt>Address</dt>
            <dd>{slot.address}</dd>
            {slot.failure && (
              <>
                <dt>Wrong</dt>
                <dd>
                  {slot.failure.check}: {slot.failure.reason}
                </dd>
              </>
            )}
            {slot.allocation && (
              <>
                <dt>Session</dt>
                <dd>
                  <a href={linkTo('allocations', slot.allocation.allocationId)}>
                    {slot.allocation.allocationId}
                  </a>
                </dd>
              </>
            )}
          </dl>
          <Directions ids={[id]} />
        </>
      )}
      <History id={id} />
    </>
  );
}

/** Reads past events once; later events come with the stream. */
function History({ id }: { readonly id: string }) {
  const [past, setPast] = useState<readonly SlotEvent[] | string>([]);
  useEffect(() => {
    getAll<'events', SlotEvent>(`/v1/slots/${encodeURIComponent(id)}/events`, 'events').then(
      setPast,
      (error: unknown) => setPast(wordsOf(error)),
    );
  }, [id]);
  if (typeof past === 'string') return <p role="alert">{past}</p>;
  const last = past.at(-1)?.sequence ?? 0;
  const news = events.value.filter(({ slot, sequence }) => slot === id && sequence > last);
  return (
    <>
      <h2>Its life</h2>
      <ol class="life">
        {[...news, ...past.toReversed()].map((event) => (
          <li key={event.sequence} class={`life-${'state' in event ? event.state : 'unknown'}`}>
            <details>
              <summary>
                <time>{timeOf(instantOf(event))}</time> {sentenceOf(event)}
                {'by' in event && ` (by ${event.by})`}
              </summary>
              <pre tabIndex={0}>{JSON.stringify(event, null, 2)}</pre>
            </details>
          </li>
        ))}
      </ol>
    </>
  );
}
