import { queryOf, send } from '../../api.js';
import { Failure } from '../../parts/failure.js';
import { Instant } from '../../parts/instant.js';
import { ReasonForm, type Why } from '../../parts/reason-form.js';
import { Table } from '../../parts/table.js';
import { useAction } from '../../parts/use-action.js';
import type { Build } from '../../types.js';
import { useAnswer } from '../../use-answer.js';
import { bytesOf } from '../../words.js';
import { FilesDifference } from './files-difference.js';
import { RunBy } from './run-by.js';

/** One build: every version that is kept, who pushed it, and its removal. */
export function BuildPage({ id }: { readonly id: string }) {
  const { said, act } = useAction();
  const path = `/v1/builds/${encodeURIComponent(id)}`;
  const { answer, failure } = useAnswer<Build>(path, said);
  const remove = async (version: string, why: Why) => {
    await send('DELETE', `${path}/versions/${version}?${queryOf({ ...why })}`);
    return `version ${version} is removed`;
  };
  return (
    <>
      <h1>{id}</h1>
      <Failure text={failure} />
      <Table
        title="Versions"
        columns={['Version', 'Pushed', 'By', 'Files', 'Size', 'Manifest']}
        items={answer?.versions.toReversed() ?? []}
        keyOf={({ version }) => String(version)}
        cells={({ version, at, by, files, bytes, manifest }) => [
          version,
          <Instant at={at} />,
          by,
          files,
          bytesOf(bytes),
          <code>{manifest.slice(0, 12)}</code>,
        ]}
      />
      {answer !== null && <RunBy build={answer.id} />}
      {answer !== null && <FilesDifference build={answer} />}
      {answer !== null && answer.versions.length > 0 && (
        <>
          <h2>Remove a version</h2>
          <ReasonForm
            buttons={<button>Remove it</button>}
            said={said}
            submit={(why, field) => act(remove(field('version'), why))}
          >
            <label>
              Version{' '}
              <select name="version">
                {answer.versions.map(({ version }) => (
                  <option>{version}</option>
                ))}
              </select>
            </label>
          </ReasonForm>
        </>
      )}
    </>
  );
}
