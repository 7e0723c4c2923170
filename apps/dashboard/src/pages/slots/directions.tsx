import { send } from '../../api.js';
import { textOf } from '../../form.js';
import { slots } from '../../live.js';
import { Reason } from '../../parts/reason.js';
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
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const [action, reason] = [textOf(event, 'action'), textOf(event, 'reason')];
    act(doAll(ids, (id) => doOne(id, action, reason), setSaid));
  };
  return (
    <form class="panel" onSubmit={submit}>
      <Reason />
      {ACTIONS.map(([action, title]) => (
        <button name="action" value={action}>
          {title}
          {ids.length !== 1 && ` (${ids.length})`}
        </button>
      ))}
      <output>{said}</output>
    </form>
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

async function doOne(id: string, action: string, reason: string): Promise<string> {
  try {
    if (action !== 'release')
      return await direct(`slots/${encodeURIComponent(id)}`, action, reason);
    const session = slots.value.get(id)?.allocation;
    return session ? await release(session.allocationId, reason) : 'without a session';
  } catch (error) {
    return wordsOf(error);
  }
}

async function direct(path: string, direction: string, reason: string): Promise<string> {
  const body = { direction, reason, by: 'dashboard' };
  return (await send<{ readonly outcome: string }>('POST', `/v1/${path}/directions`, body)).outcome;
}
