import { queryOf } from '../../api.js';
import { Failure } from '../../parts/failure.js';
import { ChoiceFilter, Filters } from '../../parts/filters.js';
import { Table } from '../../parts/table.js';
import { filterOf } from '../../route.js';
import type { Build, BuildDifference } from '../../types.js';
import { useAnswer } from '../../use-answer.js';
import { bytesOf, counted } from '../../words.js';

/** Which files are different in two versions of a build. */
export function FilesDifference({ build: { id, versions } }: { readonly build: Build }) {
  const choices = versions.map(({ version }) => [String(version), `version ${version}`] as const);
  const [from, to] = [filterOf('from'), filterOf('to')];
  const query = queryOf({ from, to, limit: 1_000 });
  const isChosen = from !== '' && to !== '';
  const path = isChosen ? `/v1/builds/${encodeURIComponent(id)}/difference?${query}` : '';
  const { answer, failure } = useAnswer<BuildDifference>(path);
  if (versions.length < 2) return null;
  return (
    <>
      <h2>Compared</h2>
      <Filters>
        <ChoiceFilter name="from" title="From" choices={[['', 'none'], ...choices]} />
        <ChoiceFilter name="to" title="To" choices={[['', 'none'], ...choices]} />
        {isChosen && answer && <output>{counted(answer.changed, 'different file')}</output>}
      </Filters>
      <Failure text={failure} />
      {isChosen && answer && (
        <Table
          title="Different files"
          columns={['File', 'Change', 'Before', 'After']}
          items={answer.files}
          keyOf={(file) => file.path}
          cells={({ path: name, before, after }) => [
            <code>{name}</code>,
            before === null ? 'added' : after === null ? 'removed' : 'changed',
            sizeOf(before),
            sizeOf(after),
          ]}
        />
      )}
      {isChosen && answer?.next !== undefined && <p>There are more than these.</p>}
    </>
  );
}

const sizeOf = (file: BuildDifference['files'][number]['before']) =>
  file && `${bytesOf(file.size)}, ${file.mode.toString(8)}`;
