import { Download } from '../../parts/download.js';
import { Failure } from '../../parts/failure.js';
import { ChoiceFilter, Filters, TextFilter } from '../../parts/filters.js';
import { Instant } from '../../parts/instant.js';
import { PeriodFilter } from '../../parts/period.js';
import { RegionFilter } from '../../parts/region.js';
import { Table } from '../../parts/table.js';
import { linkTo } from '../../route.js';
import type { Action } from '../../types.js';
import { counted, sentenceOf } from '../../words.js';
import { useActions } from './use-actions.js';
import { useChanges, type Changed } from './use-changes.js';

/** Who did what, and with which reason; what is shown can be saved as a file. */
export function AuditPage() {
  const { answer, failure } = useActions();
  const settings = useChanges();
  const rows = [
    ...(answer?.actions ?? []).map(rowOfAction),
    ...settings.changes.map(rowOfChange),
  ].toSorted((one, other) => other.at - one.at);
  // A file of half of them would be taken for all.
  const isRead = settings.isRead && (answer !== null || failure !== '');
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
        <output>{isRead ? counted(rows.length, 'action') : 'reading the history'}</output>
        {isRead && <Download name="berth-audit" rows={rows} />}
      </Filters>
      <Failure text={failure || settings.failure} />
      {answer?.isCut && <p>There are more: choose a shorter time.</p>}
      {answer !== null && rows.length === 0 && <p>Nobody asked for anything in this time.</p>}
      <p class="quiet">
        Of each fleet, build configuration, build and policy, the last change is listed.
      </p>
      <Table
        title="Actions"
        columns={['When', 'Who', 'What', 'Of', 'Reason', 'Session']}
        items={rows}
        keyOf={({ sequence, setting, at }) => `${sequence} ${setting} ${at}`}
        cells={({ at, by, event, slot, setting, kind, reason, allocationId = '' }) => [
          <Instant at={at} />,
          by,
          sentenceOf(event),
          <a href={linkTo(kind, slot ?? setting)}>{slot ?? setting}</a>,
          reason,
          allocationId && <a href={linkTo('allocations', allocationId)}>{allocationId}</a>,
        ]}
      />
    </>
  );
}

/** One row of the table, and of the file: of a slot, or of a setting of that kind. */
type ActionRow = Partial<Pick<Action, 'sequence' | 'slot' | 'reason' | 'allocationId'>> & {
  readonly at: number;
  readonly event: string;
  readonly by: string;
  readonly kind: string;
  readonly setting?: string;
};

const rowOfAction = (action: Action): ActionRow => ({ ...action, kind: 'slots' });

const rowOfChange = ({ id, page, ...change }: Changed): ActionRow => ({
  ...change,
  ...{ kind: page, setting: id },
});
