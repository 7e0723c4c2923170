import { NOT_FOUND } from '../../api.js';
import { slots } from '../../live.js';
import { Changed } from '../../parts/changed.js';
import { Facts } from '../../parts/facts.js';
import { Failure } from '../../parts/failure.js';
import { Json } from '../../parts/json.js';
import { useAction } from '../../parts/use-action.js';
import { linkTo } from '../../route.js';
import type { Configuration } from '../../types.js';
import { useAnswer } from '../../use-answer.js';
import { counted } from '../../words.js';
import { ConfigurationEditor } from './configuration-editor.js';
import { Difference } from './difference.js';
import { runningOn } from './running-on.js';

/** One build configuration: as it is set, who runs it, how it differs from another, and its change. */
export function ConfigurationPage({ id }: { readonly id: string }) {
  const { said, act } = useAction();
  const path = `/v1/build-configurations/${encodeURIComponent(id)}`;
  const { answer: found, failure, status } = useAnswer<Configuration>(path, said);
  const isNew = status === NOT_FOUND;
  const answer: Configuration | null = isNew
    ? { id, version: 0, revision: 0, configuration: null }
    : found;
  const [region = ''] = id.split('.');
  const fleets = new Set(
    [...slots.value.values()]
      .filter(({ process }) => `${region}.${process?.buildConfiguration}` === id)
      .map(({ fleet }) => fleet),
  );
  return (
    <>
      <h1>{id}</h1>
      {isNew ? <p>Nothing is set under this name now.</p> : <Failure text={failure} />}
      {answer !== null && (
        <>
          <Facts
            of={{
              Version: answer.version > 0 && answer.version,
              'Last change': answer.lastChange && <Changed change={answer.lastChange} />,
              'Run by': counted(runningOn(id), 'slot'),
              Fleets: [...fleets].map((fleet) => (
                <>
                  <a href={linkTo('fleets', `${region}.${fleet}`)}>{fleet}</a>{' '}
                </>
              )),
            }}
          />
          {answer.configuration && <Json value={answer.configuration} />}
          <Difference of={answer} region={region} />
          <ConfigurationEditor key={answer.revision} of={answer} path={path} act={act} />
          <output>{said}</output>
        </>
      )}
    </>
  );
}
