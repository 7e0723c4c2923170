import { Instant } from '../../parts/instant.js';
import { Table } from '../../parts/table.js';
import { linkTo } from '../../route.js';
import type { Fleet } from '../../types.js';

/** The slots whose games do not start or fail their checks, and why. */
export function Failing({ fleet: { failing } }: { readonly fleet: Fleet }) {
  if (failing.length === 0) return null;
  return (
    <>
      <h2>Slots that fail</h2>
      <Table
        title="Slots that fail"
        columns={['Slot', 'Why', 'Failed starts', 'Last', 'Offered again']}
        items={failing}
        keyOf={({ slot }) => slot}
        cells={({ slot, reason, failedStarts, at, offeredAgainAt }) => [
          <a href={linkTo('slots', slot)}>{slot}</a>,
          reason,
          failedStarts,
          <Instant at={at} />,
          offeredAgainAt === null ? 'now, after all others' : <Instant at={offeredAgainAt} />,
        ]}
      />
    </>
  );
}
