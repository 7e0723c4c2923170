import { queryOf } from '../../api.js';
import { Failure } from '../../parts/failure.js';
import { ChoiceFilter, Filters, TextFilter } from '../../parts/filters.js';
import { Instant } from '../../parts/instant.js';
import { PeriodFilter, sinceOf } from '../../parts/period.js';
import { chosenRegion, RegionFilter } from '../../parts/region.js';
import { Table } from '../../parts/table.js';
import { useTick } from '../../parts/use-tick.js';
import { filterOf, linkTo } from '../../route.js';
import type { IndexedAllocations } from '../../types.js';
import { useAnswer } from '../../use-answer.js';
import { sentenceOf } from '../../words.js';

/** How often the list is read again (ms). */
const LOOK_MS = 5_000;

/** So far behind the log, the list says so (events). */
const LAG_TOLD = 100;

/** How a session may end. */
const ENDS = [
  'ExitedZero',
  'Crashed',
  'TtlExpired',
  'DeallocationRequested',
  'CallbackRefused',
  'CallbackTimedOut',
] as const;

/** All allocations that are kept, from the auditor's index, the latest first. */
export function PastAllocations() {
  const { answer, failure } = useAnswer<IndexedAllocations>(wantedPath(), useTick(LOOK_MS));
  const lag = answer?.lagEvents;
  return (
    <>
      <h2>All that are kept</h2>
      <Filters>
        <RegionFilter />
        <TextFilter name="by" title="Asked by" />
        <TextFilter name="reason" title="Reason" />
        <ChoiceFilter
          name="ended"
          title="End"
          choices={[['', 'any'], ...ENDS.map((type) => [type, sentenceOf(type)] as const)]}
        />
        <PeriodFilter />
      </Filters>
      <Failure text={failure} />
      {(lag ?? 0) > LAG_TOLD && <p>The list is {lag} events behind.</p>}
      <Table
        title="Allocations"
        columns={['Claimed', 'Allocation', 'Asked by', 'Fleet', 'Slot', 'End']}
        items={answer?.allocations ?? []}
        keyOf={({ sequence }) => String(sequence)}
        cells={({ requestedAt, allocationId, requestedBy, fleet, slot, end }) => [
          <Instant at={requestedAt} />,
          <a href={linkTo('allocations', allocationId)}>{allocationId}</a>,
          requestedBy,
          fleet,
          <a href={linkTo('slots', slot)}>{slot}</a>,
          end === null ? 'runs' : `${sentenceOf(end.by)}${end.reason && `: ${end.reason}`}`,
        ]}
      />
      {answer?.next !== undefined && <p>There are more: narrow the filter.</p>}
    </>
  );
}

function wantedPath(): string {
  const region = chosenRegion();
  if (region === '') return '';
  // By the minute: the address stays the same meanwhile.
  const since = Math.floor(sinceOf(Date.now()) / 60_000) * 60_000;
  const query = queryOf({
    ...{ region, limit: 1_000, since, reason: filterOf('reason') },
    ...{ requestedBy: filterOf('by'), endedBy: filterOf('ended') },
  });
  return `/v1/audit/allocations?${query}`;
}
