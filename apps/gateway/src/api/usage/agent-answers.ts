import { DeadlinePassed, NobodyListens } from '#kernel';
import type { SlotRef } from '#slot';
import { slotNamed } from '#wire';
import { Problem, notReady } from '../../http/problems.js';
import type { Regions } from '../slots/regions.js';
import type { SlotView } from '../slots/slot-view.js';

/** The slot of this name. Throws a 404 if the caller knows none. */
export function knownSlot(id: string, view: SlotView, regions: Regions): SlotRef {
  const ref = slotNamed(id);
  if (ref !== undefined) regions.logOf(ref.region);
  if (ref === undefined || view.get(id) === undefined) {
    throw new Problem(404, 'unknown-slot', `there is no slot ${id}; slots are region.agent.slot`);
  }
  return ref;
}

type Refusal = { readonly status: 'refused'; readonly message: string };

/** What an agent answers; throws a problem if it refuses, or does not answer. */
export async function fromAgent<Answer>(
  asking: Promise<Answer | Refusal>,
): Promise<Exclude<Answer, Refusal>> {
  const answer = await asking.catch((error: unknown) => {
    if (error instanceof NobodyListens || error instanceof DeadlinePassed) {
      throw notReady(
        'the agent of the slot does not answer; `berth agents` shows whether it is lost',
      );
    }
    throw error;
  });
  if (isRefusal(answer)) throw new Problem(502, 'bad-answer', answer.message);
  return answer as Exclude<Answer, Refusal>;
}

function isRefusal(answer: unknown): answer is Refusal {
  return (answer as Partial<Refusal>).status === 'refused';
}
