import { whyOf } from '#audit';
import { useRef } from 'preact/hooks';
import { Failure } from '../../parts/failure.js';
import { Instant } from '../../parts/instant.js';
import { Json } from '../../parts/json.js';
import { useRows } from '../../parts/use-rows.js';
import type { SlotEvent } from '../../types.js';
import { instantOf, sentenceOf } from '../../words.js';
import { AsOf } from './as-of.js';
import { Bars } from './bars.js';
import { statesAfter } from './states-after.js';
import { useLife } from './use-life.js';

/** A slot's history. */
export function Life({ id }: { readonly id: string }) {
  const { answer, failure } = useLife(id);
  const all = answer ?? [];
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
      <EventList events={all.toReversed()} states={statesAfter(all).toReversed()} />
    </>
  );
}

interface EventListProps {
  /** The latest first. */
  readonly events: readonly SlotEvent[];
  /** What each led to. */
  readonly states: readonly string[];
}

function EventList({ events: all, states }: EventListProps) {
  const list = useRef<HTMLOListElement>(null);
  const { first, last, above, below } = useRows(all.length, list);
  return (
    <ol class="life" ref={list}>
      {above > 0 && <li class="space" aria-hidden="true" style={{ height: `${above}px` }} />}
      {all.slice(first, last + 1).map((event, index) => (
        <li key={event.sequence} class={states[first + index]}>
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

const whyIn = (event: SlotEvent) =>
  'data' in event ? whyOf(event.type, event.data) : event.reason;
