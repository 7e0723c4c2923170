import { ChoiceFilter, Filters } from '../../parts/filters.js';
import { Table } from '../../parts/table.js';
import { filterOf } from '../../route.js';
import type { Configuration, ConfigurationSummary } from '../../types.js';
import { useAnswer } from '../../use-answer.js';

interface DifferenceProps {
  readonly of: Configuration;
  readonly region: string;
}

/** What is different in another build configuration of the region. */
export function Difference({ of, region }: DifferenceProps) {
  const list = useAnswer<{ buildConfigurations: readonly ConfigurationSummary[] }>(
    `/v1/build-configurations?region=${region}&limit=1000`,
  );
  const others = (list.answer?.buildConfigurations ?? []).filter(({ id }) => id !== of.id);
  const other = filterOf('with');
  const { answer } = useAnswer<Configuration>(
    other && `/v1/build-configurations/${encodeURIComponent(other)}`,
  );
  if (others.length === 0) return null;
  const rows = answer === null ? [] : differences(of.configuration, answer.configuration);
  return (
    <>
      <h2>Compared</h2>
      <Filters>
        <ChoiceFilter
          name="with"
          title="With"
          choices={[['', 'none'], ...others.map(({ id }) => [id, id] as const)]}
        />
      </Filters>
      {answer !== null && other !== '' && (
        <Table
          title="Differences"
          columns={['Setting', of.id, answer.id]}
          items={rows}
          keyOf={([name]) => name}
          cells={([name, own, others]) => [name, <code>{own}</code>, <code>{others}</code>]}
        />
      )}
      {answer !== null && other !== '' && rows.length === 0 && <p>They are the same.</p>}
    </>
  );
}

/** The settings that differ, each with both values as JSON; missing ones are empty. */
function differences(one: object | null, other: object | null) {
  const [left, right] = [settingsOf(one), settingsOf(other)];
  return [...new Set([...left.keys(), ...right.keys()])]
    .filter((name) => left.get(name) !== right.get(name))
    .map((name) => [name, left.get(name) ?? '', right.get(name) ?? ''] as const);
}

/** Each setting as JSON, by its path: `callback.path`. */
function settingsOf(value: unknown, path = ''): ReadonlyMap<string, string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return new Map([[path, JSON.stringify(value)]]);
  }
  return new Map(
    Object.entries(value).flatMap(([name, inner]) => [
      ...settingsOf(inner, path === '' ? name : `${path}.${name}`),
    ]),
  );
}
