import { tellAllocation } from '#audit';
import { Facts } from '../../parts/facts.js';
import { Instant } from '../../parts/instant.js';
import { Json } from '../../parts/json.js';
import { State } from '../../parts/state.js';
import { slots } from '../../live.js';
import { linkTo } from '../../route.js';
import type { AllocationStory } from '../../types.js';
import { versioned } from '../../words.js';
import { Attempts } from './attempts.js';

/** Who asked, what happened then in words, each slot that was tried, and what was said. */
export function Story({ story }: { readonly story: AllocationStory }) {
  const { status, askedBy, askedAt, attempts, refusal, requestPayload, payload } = story;
  const last = attempts.at(-1);
  return (
    <>
      <Facts
        of={{
          State: <State name={status} />,
          'Asked by': askedBy,
          Asked: <Instant at={askedAt} />,
          Slot: last && <a href={linkTo('slots', last.slot)}>{last.slot}</a>,
          Address: last && addressOf(story.allocationId, last.slot),
          Runs: last && versioned(last.buildConfiguration, last.version),
          Players:
            last && (last.playersMax > 0 ? `${last.playersMax} at most` : 'none were counted'),
          Refused: refusal && <a href={`/errors#${refusal.code}`}>{refusal.code}</a>,
        }}
      />
      <h2>What happened</h2>
      <ol class="events">
        {tellAllocation(story).map(({ at, says }) => (
          <li>
            <Instant at={at} /> {says}
          </li>
        ))}
      </ol>
      {attempts.length > 0 && <Attempts attempts={attempts} />}
      {requestPayload !== null && (
        <>
          <h2>Said to the game</h2>
          <Json value={requestPayload} />
        </>
      )}
      {payload !== null && (
        <>
          <h2>Said by the game</h2>
          <Json value={payload} />
        </>
      )}
    </>
  );
}

/** Where the session is played; undefined if it does not run. */
function addressOf(id: string, slot: string): string | null | undefined {
  const now = slots.value.get(slot);
  return now?.allocation?.allocationId === id ? now.address : undefined;
}
