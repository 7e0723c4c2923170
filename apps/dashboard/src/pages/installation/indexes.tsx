import { Failure } from '../../parts/failure.js';
import { Instant } from '../../parts/instant.js';
import { Table } from '../../parts/table.js';
import { useTick } from '../../parts/use-tick.js';
import type { IndexStates } from '../../types.js';
import { useAnswer } from '../../use-answer.js';
import { bytesOf, counted } from '../../words.js';

/** How often they are asked for (ms). */
const LOOK_MS = 5_000;

/** The index of past allocations of each region, and how far it is behind the log. */
export function Indexes() {
  const { answer, failure } = useAnswer<IndexStates>('/v1/audit/index', useTick(LOOK_MS));
  return (
    <>
      <h2>Indexes of past allocations</h2>
      <Failure text={failure} />
      <Table
        title="Indexes"
        columns={['Region', 'Claims', 'Size', 'Read to', 'Behind the log', 'Being built']}
        items={answer?.indexes ?? []}
        keyOf={({ region }) => region}
        cells={({ region, claims, bytes, readAt, lagEvents, building }) => [
          region,
          claims,
          bytesOf(bytes),
          <Instant at={readAt} />,
          lagEvents === null ? 'unknown: the log does not answer' : counted(lagEvents, 'event'),
          building && `${building.readTo} of ${building.end}`,
        ]}
      />
    </>
  );
}
