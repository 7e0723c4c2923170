import { useState } from 'preact/hooks';
import { send } from '../../api.js';
import { textOf } from '../../form.js';
import { wordsOf } from '../../use-answer.js';

const DIRECTIONS = [
  ['drain', 'Drain'],
  ['withdraw-drain', 'Withdraw drain'],
  ['begin-maintenance', 'Maintain'],
  ['end-maintenance', 'End maintenance'],
] as const;

/** Number of slots that are directed at the same time. */
const AT_ONCE = 8;

/** Directs one slot, or many at once, with a reason. Says how many slots had which outcome. */
export function Directions({ ids }: { readonly ids: readonly string[] }) {
  const [said, setSaid] = useState('');
  const directAll = async (direction: string, reason: string) => {
    const outcomes = new Map<string, number>();
    for (let from = 0; from < ids.length; from += AT_ONCE) {
      const some = ids.slice(from, from + AT_ONCE);
      for (const outcome of await Promise.all(some.map((id) => direct(id, direction, reason)))) {
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      }
      const counts = [...outcomes].map(([outcome, count]) => `${count} ${outcome}`);
      setSaid(
        `${direction}: ${ids.length === 1 ? [...outcomes.keys()].join() : counts.join(', ')}`,
      );
    }
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    void directAll(textOf(event, 'direction'), textOf(event, 'reason'));
  };
  return (
    <form class="panel" onSubmit={submit}>
      <label>
        Reason <input name="reason" required maxLength={200} />
      </label>
      {DIRECTIONS.map(([direction, title]) => (
        <button name="direction" value={direction}>
          {title}
          {ids.length !== 1 && ` (${ids.length})`}
        </button>
      ))}
      <output>{said}</output>
    </form>
  );
}

async function direct(id: string, direction: string, reason: string): Promise<string> {
  const path = `/v1/slots/${encodeURIComponent(id)}/directions`;
  const body = { direction, reason, by: 'dashboard' };
  try {
    return (await send<{ readonly outcome: string }>('POST', path, body)).outcome;
  } catch (error) {
    return wordsOf(error);
  }
}
