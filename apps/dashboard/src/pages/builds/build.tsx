import { send } from '../../api.js';
import { textOf } from '../../form.js';
import { Failure } from '../../parts/failure.js';
import { Instant } from '../../parts/instant.js';
import { Reason } from '../../parts/reason.js';
import { Table } from '../../parts/table.js';
import { useAction } from '../../parts/use-action.js';
import type { Build } from '../../types.js';
import { useAnswer } from '../../use-answer.js';
import { mibOf } from '../../words.js';

/** One build: every version that is kept, who pushed it, and its removal. */
export function BuildPage({ id }: { readonly id: string }) {
  const { said, act } = useAction();
  const path = `/v1/builds/${encodeURIComponent(id)}`;
  const { answer, failure } = useAnswer<Build>(path, said);
  const remove = async (version: string, reason: string) => {
    const why = new URLSearchParams({ reason, by: 'dashboard' }).toString();
    await send('DELETE', `${path}/versions/${version}?${why}`);
    return `version ${version} is removed`;
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    act(remove(textOf(event, 'version'), textOf(event, 'reason')));
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
          mibOf(bytes),
          <code>{manifest.slice(0, 12)}</code>,
        ]}
      />
      {answer !== null && answer.versions.length > 0 && (
        <>
          <h2>Remove a version</h2>
          <form class="panel" onSubmit={submit}>
            <label>
              Version{' '}
              <select name="version">
                {answer.versions.map(({ version }) => (
                  <option>{version}</option>
                ))}
              </select>
            </label>
            <Reason />
            <button>Remove it</button>
            <output>{said}</output>
          </form>
        </>
      )}
    </>
  );
}
