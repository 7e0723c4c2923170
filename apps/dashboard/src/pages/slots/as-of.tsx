import { Failure } from '../../parts/failure.js';
import { Instant } from '../../parts/instant.js';
import { filterOf, setFilter } from '../../route.js';
import type { SlotEvent, SlotThen } from '../../types.js';
import { useAnswer } from '../../use-answer.js';
import { instantOf, sentenceOf } from '../../words.js';
import { SlotFacts } from './slot-facts.js';

/** How many places the slider has. */
const STEPS = 500;

interface AsOfProps {
  readonly id: string;
  readonly events: readonly SlotEvent[];
}

/** The slot as it was at an instant that is chosen with a slider, and is part of the address. */
export function AsOf({ id, events }: AsOfProps) {
  const from = instantOf(events.find((event) => 'at' in event) ?? events[0]!) ?? 0;
  const now = Date.now();
  const at = filterOf('at');
  const step = Math.max(1, Math.round((now - from) / STEPS));
  return (
    <>
      <label class="as-of">
        As of{' '}
        <input
          type="range"
          min={from}
          max={now}
          step={step}
          value={at === '' ? now : at}
          aria-valuetext={at === '' ? 'now' : new Date(Number(at)).toLocaleString()}
          onInput={(event) => setFilter('at', event.currentTarget.value)}
        />
      </label>
      {at !== '' && (
        <section class="then" aria-label="The slot at that instant">
          <p>
            <Instant at={Number(at)} /> <button onClick={() => setFilter('at', '')}>Now</button>
          </p>
          <Then path={`/v1/audit/slots/${encodeURIComponent(id)}?at=${at}`} />
        </section>
      )}
    </>
  );
}

function Then({ path }: { readonly path: string }) {
  const { answer, failure } = useAnswer<SlotThen>(path);
  return (
    <>
      <Failure text={failure} />
      {answer !== null && (
        <>
          <SlotFacts slot={answer.slot} />
          <p>
            Since <Instant at={answer.since} />: {sentenceOf(answer.event)}
            {answer.by !== undefined && ` (by ${answer.by})`}
          </p>
        </>
      )}
    </>
  );
}
