import { useEffect, useState } from 'preact/hooks';
import { getAll } from '../../api.js';
import { slots } from '../../live.js';
import { linkTo } from '../../route.js';
import { Table } from '../../parts/table.js';
import { useTick } from '../../parts/use-tick.js';
import type { Refusal } from '../../types.js';
import { wordsOf } from '../../use-answer.js';
import { timeOf } from '../../words.js';

const HOUR_MS = 3_600_000;

/** How often refusals are asked for again (ms). */
const LOOK_MS = 5_000;

/** The refusals of the last day in all regions, the earliest first. */
export function useRefusals(): { readonly refusals: readonly Refusal[]; readonly failure: string } {
  const [refusals, setRefusals] = useState<readonly Refusal[]>([]);
  const [failure, setFailure] = useState('');
  const regions = [...new Set([...slots.value.values()].map(({ region }) => region))].join(',');
  const tick = useTick(LOOK_MS);
  useEffect(() => {
    if (regions === '') return;
    const lists = regions
      .split(',')
      .map((region) => getAll<'refusals', Refusal>('/v1/refusals', 'refusals', { region }));
    Promise.all(lists).then(
      (found) => {
        setRefusals(found.flat());
        setFailure('');
      },
      (error: unknown) => setFailure(wordsOf(error)),
    );
  }, [regions, tick]);
  return { refusals, failure };
}

/** Requests that found no server: how many for which cause in each hour, and which they were. */
export function RefusalsPage() {
  const { refusals, failure } = useRefusals();
  const codes = [...new Set(refusals.map(({ code }) => code))].sort();
  const hours = [...Map.groupBy(refusals, ({ refusedAt }) => Math.floor(refusedAt / HOUR_MS))];
  return (
    <>
      <h1>Refusals</h1>
      {failure !== '' && <p role="alert">{failure}</p>}
      {refusals.length === 0 ? (
        <p>No request was refused for lack of servers in the last day.</p>
      ) : (
        <Table
          title="Refusals by hour"
          columns={['Hour', ...codes]}
          items={hours.toReversed()}
          keyOf={([hour]) => String(hour)}
          cells={([hour, own]) => [
            new Date(hour * HOUR_MS).toLocaleString(undefined, {
              ...{ month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit' },
            }),
            ...codes.map((code) => own.filter((refusal) => refusal.code === code).length),
          ]}
        />
      )}
      {codes.map((code) => (
        <ByCode key={code} code={code} all={refusals.filter((one) => one.code === code)} />
      ))}
    </>
  );
}

function ByCode({ code, all }: { readonly code: string; readonly all: readonly Refusal[] }) {
  return (
    <>
      <h2>
        {code}: <a href={`/errors#${code}`}>what it means, what helps</a>
      </h2>
      <Table
        title={code}
        columns={['When', 'Request', 'By', 'Fleet', 'What was said']}
        items={all.toReversed()}
        keyOf={({ sequence, region }) => `${region} ${sequence}`}
        cells={({ refusedAt, allocationId, by, region, fleet, message }) => [
          timeOf(refusedAt),
          <a href={linkTo('allocations', allocationId)}>{allocationId}</a>,
          by,
          fleet === null ? 'any' : <a href={linkTo('fleets', `${region}.${fleet}`)}>{fleet}</a>,
          message,
        ]}
      />
    </>
  );
}
