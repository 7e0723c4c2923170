import { whyOf } from '#audit';
import { events } from '../../live.js';
import { Instant } from '../../parts/instant.js';
import { linkTo } from '../../route.js';
import { instantOf, sentenceOf } from '../../words.js';

/** How many events are shown. */
const SHOWN = 12;

/** The latest events since the page was opened. */
export function Last() {
  if (events.value.length === 0) return <p>Nothing since this page was opened.</p>;
  return (
    <ol class="events">
      {events.value.slice(0, SHOWN).map((event) => (
        <li key={`${event.slot} ${event.sequence}`}>
          <Instant at={instantOf(event)} /> <a href={linkTo('slots', event.slot)}>{event.slot}</a>{' '}
          {sentenceOf(event.type)}{' '}
          <span class="quiet">{'data' in event && whyOf(event.type, event.data)}</span>
        </li>
      ))}
    </ol>
  );
}
