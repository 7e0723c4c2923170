import { useEffect, useState } from 'preact/hooks';
import { get, send } from '../../api.js';
import { events } from '../../live.js';
import { linkTo } from '../../route.js';
import { State } from '../../table.js';
import { wordsOf } from '../../use-answer.js';
import { timeOf } from '../../words.js';
import { AskAgain } from './ask-again.js';

interface Allocation {
  readonly allocationId: string;
  readonly status: string;
  readonly slot: string;
  readonly address: string;
  readonly attempt: number;
  readonly requestedBy: string;
  readonly requestedAt: number;
  readonly acknowledgedAt: number | null;
  readonly requestPayload?: unknown;
  readonly payload?: unknown;
  readonly end: { readonly by: string; readonly reason: string; readonly at: number } | null;
}

/** One allocation: who asked, when and where, what the game answered, and how the session ended. */
export function AllocationPage({ id }: { readonly id: string }) {
  const [found, setFound] = useState<Partial<Allocation> | string | null>(null);
  const [said, setSaid] = useState('');
  const path = `/v1/allocations/${encodeURIComponent(id)}`;
  const slot = found !== null && typeof found === 'object' ? found.slot : undefined;
  const newest = events.value.find((event) => event.slot === slot)?.sequence ?? 0;
  useEffect(() => {
    get<Partial<Allocation>>(path).then(setFound, (error: unknown) => setFound(wordsOf(error)));
  }, [path, newest]);
  const release = () => {
    send('DELETE', `${path}?reason=dashboard`).then(
      () => setSaid('released'),
      (error: unknown) => setSaid(wordsOf(error)),
    );
  };
  if (found === null) return <h1>{id}</h1>;
  if (typeof found === 'string') {
    return (
      <>
        <h1>{id}</h1>
        <p role="alert">{found}</p>
      </>
    );
  }
  const rows = {
    State: found.status && <State name={found.status} />,
    Slot: found.slot && <a href={linkTo('slots', found.slot)}>{found.slot}</a>,
    Address: found.address,
    'Asked by': found.requestedBy,
    Claimed: timeOf(found.requestedAt),
    Answered: timeOf(found.acknowledgedAt ?? undefined),
    Attempt: found.attempt,
    Ended: found.end && `${timeOf(found.end.at)} by ${found.end.by} ${found.end.reason}`,
    'Said to the game': found.requestPayload !== undefined && <Json value={found.requestPayload} />,
    'Said by the game': found.payload !== undefined && <Json value={found.payload} />,
  };
  return (
    <>
      <h1>{id}</h1>
      <dl>
        {Object.entries(rows)
          .filter(
            ([, value]) => value !== undefined && value !== null && value !== false && value !== '',
          )
          .flatMap(([name, value]) => [<dt>{name}</dt>, <dd>{value}</dd>])}
      </dl>
      {!found.end && <button onClick={release}>Release</button>} <output>{said}</output>
      {found.slot && <AskAgain id={id} region={found.slot.split('.')[0] ?? ''} />}
    </>
  );
}

function Json({ value }: { readonly value: unknown }) {
  return <pre tabIndex={0}>{JSON.stringify(value, null, 2)}</pre>;
}
