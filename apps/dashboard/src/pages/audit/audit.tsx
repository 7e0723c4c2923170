import { Download } from '../../parts/download.js';
import { Failure } from '../../parts/failure.js';
import { ChoiceFilter, Filters, TextFilter } from '../../parts/filters.js';
import { Instant } from '../../parts/instant.js';
import { PeriodFilter } from '../../parts/period.js';
import { RegionFilter } from '../../parts/region.js';
import { Table } from '../../parts/table.js';
import { linkTo } from '../../route.js';
import { counted, sentenceOf } from '../../words.js';
import { useActions } from './use-actions.js';

/** Who did what, and with which reason; what is shown can be saved as a file. */
export function AuditPage() {
  const { answer, failure } = useActions();
  const actions = answer?.actions ?? [];
  return (
    <>
      <h1>Audit</h1>
      <Filters>
        <RegionFilter />
        <TextFilter name="by" title="By" />
        <PeriodFilter />
        <ChoiceFilter
          name="requests"
          title="Requests for servers"
          choices={[
            ['', 'left out'],
            ['all', 'included'],
          ]}
        />
        <output>
          {answer === null ? 'reading the history' : counted(actions.length, 'action')}
        </output>
        <Download name="berth-audit" rows={actions} />
      </Filters>
      <Failure text={failure} />
      {answer?.isCut && <p>There are more: choose a shorter time.</p>}
      {answer !== null && actions.length === 0 && <p>Nobody asked for anything in this time.</p>}
      <Table
        title="Actions"
        columns={['When', 'Who', 'What', 'Slot', 'Reason', 'Session']}
        items={actions}
        keyOf={({ sequence }) => String(sequence)}
        cells={({ at, by, event, slot, reason, allocationId = '' }) => [
          <Instant at={at} />,
          by,
          sentenceOf(event),
          <a href={linkTo('slots', slot)}>{slot}</a>,
          reason,
          allocationId && <a href={linkTo('allocations', allocationId)}>{allocationId}</a>,
        ]}
      />
    </>
  );
}
