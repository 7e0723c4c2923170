import { Failure } from '../../parts/failure.js';
import { ChoiceFilter, Filters } from '../../parts/filters.js';
import { Instant } from '../../parts/instant.js';
import { Table } from '../../parts/table.js';
import { filterOf, linkTo } from '../../route.js';
import type { Refusal } from '../../types.js';
import { RefusalChart } from './refusal-chart.js';
import { useRefusals } from './use-refusals.js';

/** Requests that found no server: how many for which cause over time, and which they were. */
export function RefusalsPage() {
  const { answer, failure } = useRefusals();
  const all = [...Map.groupBy(answer ?? [], ({ code }) => code)];
  const chosen = filterOf('code');
  const byCode = all.filter(([code]) => chosen === '' || code === chosen);
  return (
    <>
      <h1>Refusals</h1>
      <Failure text={failure} />
      {answer?.length === 0 && <p>No request was refused for lack of servers in the last day.</p>}
      {all.length > 0 && (
        <Filters>
          <ChoiceFilter
            name="code"
            title="Cause"
            choices={[['', 'any'], ...all.map(([code]) => [code, code] as const)]}
          />
        </Filters>
      )}
      {byCode.length > 0 && <RefusalChart byCode={byCode} />}
      {byCode.map(([code, own]) => (
        <ByCode key={code} code={code} all={own} />
      ))}
    </>
  );
}

function ByCode({ code, all }: { readonly code: string; readonly all: readonly Refusal[] }) {
  return (
    <>
      <h2>
        {all.length} {code}: <a href={`/errors#${code}`}>what it means, what helps</a>
      </h2>
      <Table
        title={code}
        columns={['When', 'Request', 'By', "Fleet's size", 'What was said']}
        items={all}
        keyOf={({ sequence, region }) => `${region} ${sequence}`}
        cells={({ refusedAt, allocationId, by, region, fleet, message }) => [
          <Instant at={refusedAt} />,
          <a href={linkTo('allocations', allocationId)}>{allocationId}</a>,
          by,
          <a href={linkTo('fleets', fleet === null ? '' : `${region}.${fleet}`)}>
            {fleet ?? 'any'}
          </a>,
          message,
        ]}
      />
    </>
  );
}
