import { whyOf } from '#audit';
import { events } from '../../live.js';
import { Failure } from '../../parts/failure.js';
import { Instant } from '../../parts/instant.js';
import { Json } from '../../parts/json.js';
import { linkTo } from '../../route.js';
import type { SlotEvent } from '../../types.js';
import { instantOf, sentenceOf } from '../../words.js';
import { Play } from './play.js';
import { Release } from '../allocations/release.js';

export interface Asked {
  readonly id: string;
  readonly answer: object | null;
  readonly failure: string;
}

/** What happened to a request since it was sent, the earliest first; and its answer. */
export function Steps({ asked: { id, answer, failure } }: { readonly asked: Asked }) {
  return (
    <>
      <h2>
        <a href={linkTo('allocations', id)}>{id}</a>
      </h2>
      <ol class="events">
        {stepsOf(id).map((event) => (
          <li key={event.sequence}>
            <Instant at={instantOf(event)} /> {event.slot} {sentenceOf(event.type)}{' '}
            <span class="quiet">{'data' in event && whyOf(event.type, event.data)}</span>
          </li>
        ))}
      </ol>
      <Failure text={failure} />
      {answer && (
        <>
          <h2>The answer</h2>
          <Json value={answer} />
          <Play answer={answer} />
          <Release id={id} />
        </>
      )}
    </>
  );
}

/** The events of the slots that were tried, each from its claim on. */
function stepsOf(id: string): readonly SlotEvent[] {
  const claimed = new Set<string>();
  return events.value.toReversed().filter((event) => {
    if ('data' in event && event.data['allocationId'] === id) claimed.add(event.slot);
    return claimed.has(event.slot);
  });
}
