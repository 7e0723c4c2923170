import { useRef } from 'preact/hooks';
import { FORBIDDEN, NOT_FOUND } from '../../api.js';
import { events, snapshots } from '../../live.js';
import { Failure } from '../../parts/failure.js';
import { useTick } from '../../parts/use-tick.js';
import type { AllocationStory, SlotEvent } from '../../types.js';
import { useAnswer } from '../../use-answer.js';
import { AskAgain } from './ask-again.js';
import { Choices } from './choices.js';
import { Release } from './release.js';
import { SessionNow } from './session-now.js';
import { Story } from './story.js';

/** How often a story that may have no end yet is asked for (ms). */
const LOOK_MS = 2_000;

/**
 * One allocation, from its whole history. To a token that may not read histories, what is known of it
 * now is shown.
 */
export function AllocationPage({ id }: { readonly id: string }) {
  const tick = useTick(LOOK_MS);
  const shown = useRef<AllocationStory | null>(null);
  const newest = events.value.find((event) => concerns(event, id, shown.current));
  const path = `/v1/audit/allocations/${encodeURIComponent(id)}`;
  const { answer, failure, status } = useAnswer<AllocationStory>(
    path,
    newest?.sequence,
    snapshots.value,
    isUnsure(shown.current) && tick,
  );
  shown.current = answer;
  return (
    <>
      <h1>{id}</h1>
      <Failure text={failure} />
      {status === FORBIDDEN && <SessionNow id={id} />}
      {status === NOT_FOUND && (
        <p>
          <a href={`#/slots?q=${encodeURIComponent(id)}`}>Look for it in the list of slots</a>
        </p>
      )}
      {answer !== null && (
        <>
          <Story story={answer} />
          {['pending', 'allocated'].includes(answer.status) && <Release id={id} />}
          <AskAgain
            {...{ id, region: answer.region, asked: answer.asked }}
            payload={answer.requestPayload}
          />
          {answer.attempts.length > 0 && <Choices path={path} />}
        </>
      )}
    </>
  );
}

/** Whether there may be more of it than was told, of which no event tells: a refusal, what the index lacks. */
function isUnsure(story: AllocationStory | null): boolean {
  if (story === null) return false;
  return ['pending', 'unserved'].includes(story.status) || (story.source?.lagEvents ?? 0) > 0;
}

/** Whether the event adds to the story: of its slot until that is cleared, or one that names the id. */
function concerns(event: SlotEvent, id: string, story: AllocationStory | null): boolean {
  const last = story?.attempts.at(-1);
  const isHeld = last?.clearedAt === null && last.slot === event.slot;
  return isHeld || ('data' in event && event.data['allocationId'] === id);
}
