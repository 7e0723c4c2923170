import { send } from '../../api.js';
import { slots } from '../../live.js';
import { ReasonForm, type Why } from '../../parts/reason-form.js';
import { useAction } from '../../parts/use-action.js';
import { wordsOf } from '../../use-answer.js';
import { release } from '../allocations/release.js';

const ACTIONS = [
  ['drain', 'Drain'],
  ['withdraw-drain', 'Withdraw drain'],
  ['begin-maintenance', 'Maintain'],
  ['end-maintenance', 'End maintenance'],
  ['release', 'Release'],
] as const;

/** Number of slots to which something is done at the same time. */
const AT_ONCE = 8;

/** Directs one slot or many, or releases their sessions, with a reason. Says what came of it. */
export function Directions({ ids }: { readonly ids: readonly string[] }) {
  const { said, setSaid, act } = useAction();
  return (
    <ReasonForm
      buttons={ACTIONS.map(([action, title]) => (
        <button name="action" value={action}>
          {title}
          {ids.length !== 1 && ` (${ids.length})`}
        </button>
      ))}
      said={said}
      submit={(why, field) => {
        const action = field('action');
        act(doAll(ids, (id) => doOne(id, action, why), setSaid));
      }}
    />
  );
}

/** Resolves with how many had which outcome, and tells that on the way. */
async function doAll(
  ids: readonly string[],
  one: (id: string) => Promise<string>,
  tell: (said: string) => void,
): Promise<string> {
  const outcomes = new Map<string, number>();
  let said = '';
  for (let from = 0; from < ids.length; from += AT_ONCE) {
    for (const outcome of await Promise.all(ids.slice(from, from + AT_ONCE).map(one))) {
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }
    said = [...outcomes].map(([outcome, count]) => `${count} ${outcome}`).join(', ');
    tell(said);
  }
  return ids.length === 1 ? [...outcomes.keys()].join() : said;
}

async function doOne(id: string, action: string, why: Why): Promise<string> {
  try {
    if (action !== 'release') return await direct(id, action, why);
    const session = slots.value.get(id)?.allocation;
    return session ? await release(session.allocationId, why.reason) : 'without a session';
  } catch (error) {
    return wordsOf(error);
  }
}

async function direct(id: string, direction: string, why: Why): Promise<string> {
  const path = `/v1/slots/${encodeURIComponent(id)}/directions`;
  return (await send<{ readonly outcome: string }>('POST', path, { direction, ...why })).outcome;
}
