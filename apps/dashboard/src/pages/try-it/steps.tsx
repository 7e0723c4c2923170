import { whyOf } from '#audit';
import { Failure } from '../../parts/failure.js';
import { Instant } from '../../parts/instant.js';
import { Json } from '../../parts/json.js';
import { linkTo } from '../../route.js';
import { instantOf, sentenceOf } from '../../words.js';
import { Play } from './play.js';
import { useSteps } from './use-steps.js';
import { Release } from '../allocations/release.js';

export interface Asked {
  readonly id: string;
  readonly answer: object | null;
  readonly failure: string;
}

/** What happened to a request since it was sent, the earliest first; and its answer. */
export function Steps({ asked: { id, answer, failure } }: { readonly asked: Asked }) {
  const steps = useSteps(id);
  return (
    <>
      <h2>
        <a href={linkTo('allocations', id)}>{id}</a>
      </h2>
      <ol class="events">
        {steps.map((event) => (
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
