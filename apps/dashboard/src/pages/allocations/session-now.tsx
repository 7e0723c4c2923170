import { Facts } from '../../parts/facts.js';
import { Failure } from '../../parts/failure.js';
import { Instant } from '../../parts/instant.js';
import { Json } from '../../parts/json.js';
import { State } from '../../parts/state.js';
import { slots } from '../../live.js';
import { linkTo } from '../../route.js';
import type { Allocation } from '../../types.js';
import { useAnswer } from '../../use-answer.js';
import { sentenceOf } from '../../words.js';
import { AskAgain } from './ask-again.js';
import { Release } from './release.js';

/** What is known of an allocation now, without its history. */
export function SessionNow({ id }: { readonly id: string }) {
  const path = `/v1/allocations/${encodeURIComponent(id)}`;
  const { answer, failure } = useAnswer<Allocation>(path, slots.value);
  if (answer === null) return <Failure text={failure} />;
  const { status, slot, region, address, requestedBy, requestedAt, attempt, end } = answer;
  return (
    <>
      <Facts
        of={{
          State: <State name={status} />,
          Slot: <a href={linkTo('slots', slot)}>{slot}</a>,
          Address: address,
          'Asked by': requestedBy,
          Claimed: <Instant at={requestedAt} />,
          Attempt: attempt,
          Ended: end && (
            <>
              <Instant at={end.at} /> {sentenceOf(end.by)} {end.reason}
            </>
          ),
          'Said to the game': answer.requestPayload !== undefined && (
            <Json value={answer.requestPayload} />
          ),
          'Said by the game': answer.payload !== undefined && <Json value={answer.payload} />,
        }}
      />
      {!end && <Release id={id} />}
      <AskAgain id={id} region={region} payload={answer.requestPayload ?? null} />
    </>
  );
}
