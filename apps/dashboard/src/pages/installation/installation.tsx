import { findingsOf, type Seen } from '#diagnosis';
import { slots } from '../../live.js';
import { Failure } from '../../parts/failure.js';
import { linkTo } from '../../route.js';
import { counted } from '../../words.js';
import { Indexes } from './indexes.js';
import { NatsServers } from './nats-servers.js';
import { Services } from './services.js';
import { Streams } from './streams.js';
import { useSeen } from './use-seen.js';
import { Wrong } from './wrong.js';

/** What `berth doctor` finds, and what Berth consists of: servers, services and streams. */
export function InstallationPage() {
  const { answer, failure } = useSeen();
  const regions = answer?.regions ?? null;
  return (
    <>
      <h1>Installation</h1>
      <Failure text={failure} />
      {answer !== null && <Found seen={answer} />}
      {regions !== null && (
        <>
          <NatsServers regions={regions} />
          <Services regions={regions} />
          <Streams regions={regions} />
        </>
      )}
      <Indexes />
    </>
  );
}

function Found({ seen }: { readonly seen: Seen }) {
  const { unknown, fine } = findingsOf(seen);
  return (
    <>
      <p>
        Berth {seen.version};{' '}
        <a href={linkTo('machines')}>{counted((seen.agents ?? []).length, 'machine')}</a>,{' '}
        <a href={linkTo('slots')}>{counted(slots.value.size, 'slot')}</a>.
      </p>
      <h2>Wrong</h2>
      <Wrong seen={seen} />
      {unknown.length > 0 && (
        <>
          <h2>Unknown</h2>
          <ul>
            {unknown.map(({ unknown: what, remedy }) => (
              <li key={what}>
                <strong>{what}</strong>
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
