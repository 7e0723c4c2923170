import { findingsOf, type Seen } from '#diagnosis';
import { useEffect, useState } from 'preact/hooks';
import { get, getAll, readiness } from '../../api.js';
import { slots } from '../../live.js';
import { linkTo } from '../../route.js';
import { useTick } from '../../parts/use-tick.js';
import type { Agent, Fleet } from '../../types.js';
import { wordsOf } from '../../use-answer.js';

/** How often the installation is looked at (ms). */
const LOOK_MS = 5_000;

/** What `berth doctor` finds: what is well, what is wrong, and what to do about it. */
export function InstallationPage() {
  const [seen, setSeen] = useState<Seen | null>(null);
  const [failure, setFailure] = useState('');
  const tick = useTick(LOOK_MS);
  useEffect(() => {
    look().then(
      (found) => {
        setSeen(found);
        setFailure('');
      },
      (error: unknown) => setFailure(wordsOf(error)),
    );
  }, [tick]);
  return (
    <>
      <h1>Installation</h1>
      {failure !== '' && <p role="alert">{failure}</p>}
      {seen !== null && <Found seen={seen} />}
    </>
  );
}

function Found({ seen }: { readonly seen: Seen }) {
  const { wrong, fine } = findingsOf(seen);
  return (
    <>
      <p>
        Berth {seen.version}; {(seen.agents ?? []).length} <a href={linkTo('machines')}>machines</a>
        , {slots.value.size} <a href={linkTo('slots')}>slots</a>.
      </p>
      {wrong.length > 0 && (
        <>
          <h2>Wrong</h2>
          <ul>
            {wrong.map(({ what, remedy }) => (
              <li key={what}>
                <strong class="lost">{what}</strong>
                <br />
                {remedy}
              </li>
            ))}
          </ul>
        </>
      )}
      <h2>Well</h2>
      <ul>
        {fine.map((what) => (
          <li key={what}>{what}</li>
        ))}
      </ul>
    </>
  );
}

async function look(): Promise<Seen> {
  const [{ version }, notReadyBecause, agents, fleets] = await Promise.all([
    get<{ version: string }>('/'),
    readiness(),
    getAll<'agents', Agent>('/v1/agents', 'agents').catch(() => null),
    getAll<'fleets', Fleet>('/v1/fleets', 'fleets').catch(() => null),
  ]);
  const failed = [...slots.value.values()].flatMap(({ id, failure }) =>
    failure === null ? [] : [{ id, ...failure }],
  );
  return { version, notReadyBecause, agents, fleets, failed };
}
