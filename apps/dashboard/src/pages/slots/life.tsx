import { whyOf } from '#audit';
import { useMemo, useRef } from 'preact/hooks';
import { getAll } from '../../api.js';
import { events } from '../../live.js';
import { Failure } from '../../parts/failure.js';
import { Instant } from '../../parts/instant.js';
import { Json } from '../../parts/json.js';
import { useRows } from '../../parts/use-rows.js';
import type { SlotEvent } from '../../types.js';
import { useAsked } from '../../use-answer.js';
import { instantOf, sentenceOf } from '../../words.js';
import { AsOf } from './as-of.js';
import { Bars } from './bars.js';

/** A slot's history. Past events are read once; later ones come with the stream. */
export function Life({ id }: { readonly id: string }) {
  const path = `/v1/slots/${encodeURIComponent(id)}/events`;
  const read = () => getAll<'events', SlotEvent>(path, 'events');
  const { answer, failure } = useAsked(read, path);
  const all = useMemo(() => {
    const past = answer ?? [];
    const last = past.at(-1)?.sequence ?? 0;
    const news = events.value.filter(({ slot, sequence }) => slot === id && sequence > last);
    return [...past, ...news.toReversed()];
  }, [answer, events.value, id]);
  return (
    <>
      <h2>Its life</h2>
      <Failure text={failure} />
      {all.length > 0 && (
        <>
          <Bars events={all} />
          <AsOf id={id} events={all} />
        </>
      )}
      <EventList events={all.toReversed()} />
    </>
  );
}

function EventList({ events: all }: { readonly events: readonly SlotEvent[] }) {
  const list = useRef<HTMLOListElement>(null);
  const { first, last, above, below } = useRows(all.length, list);
  return (
    <ol class="life" ref={list}>
      {above > 0 && <li class="space" aria-hidden="true" style={{ height: `${above}px` }} />}
      {all.slice(first, last + 1).map((event) => (
        <li key={event.sequence} class={kindOf(event)}>
          <details>
            <summary>
              <Instant at={instantOf(event)} /> {sentenceOf(event.type)}
              {'by' in event && ` (by ${event.by})`} <span class="quiet">{whyIn(event)}</span>
            </summary>
            <Json value={event} />
          </details>
        </li>
      ))}
      {below > 0 && <li class="space" aria-hidden="true" style={{ height: `${below}px` }} />}
    </ol>
  );
}

const kindOf = (event: SlotEvent) => ('state' in event ? (event.phase ?? event.state) : 'lost');

const whyIn = (event: SlotEvent) =>
  'data' in event ? whyOf(event.type, event.data) : event.reason;
