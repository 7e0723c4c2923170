import { findingsOf, type Seen } from '#diagnosis';
import { slots } from '../../live.js';
import { Failure } from '../../parts/failure.js';
import { linkTo } from '../../route.js';
import { Indexes } from './indexes.js';
import { useSeen } from './use-seen.js';
import { Wrong } from './wrong.js';

/** What `berth doctor` finds: what is wrong, what to do about it, and what is well. */
export function InstallationPage() {
  const { answer, failure } = useSeen();
  return (
    <>
      <h1>Installation</h1>
      <Failure text={failure} />
      {answer !== null && <Found seen={answer} />}
      <Indexes />
    </>
  );
}

function Found({ seen }: { readonly seen: Seen }) {
  return (
    <>
      <p>
        Berth {seen.version}; {(seen.agents ?? []).length} <a href={linkTo('machines')}>machines</a>
        , {slots.value.size} <a href={linkTo('slots')}>slots</a>.
      </p>
      <h2>Wrong</h2>
      <Wrong seen={seen} />
      <h2>Well</h2>
      <ul>
        {findingsOf(seen).fine.map((what) => (
          <li key={what}>{what}</li>
        ))}
      </ul>
    </>
  );
}
