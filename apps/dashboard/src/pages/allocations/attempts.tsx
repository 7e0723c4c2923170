import { tellGrounds } from '#audit';
import { Instant } from '../../parts/instant.js';
import { Table } from '../../parts/table.js';
import { linkTo } from '../../route.js';
import type { AttemptStory } from '../../types.js';
import { sentenceOf } from '../../words.js';

/** Each slot that was tried: why it was chosen, and why it was left. */
export function Attempts({ attempts }: { readonly attempts: readonly AttemptStory[] }) {
  return (
    <>
      <h2>Attempts</h2>
      <Table
        title="Attempts"
        columns={['Attempt', 'Slot', 'Claimed', 'Why this slot', 'Answered', 'Left']}
        items={attempts}
        keyOf={({ sequence }) => String(sequence)}
        cells={({ attempt, slot, claimedAt, grounds, answeredAt, left }) => [
          attempt,
          <a href={linkTo('slots', slot)}>{slot}</a>,
          <Instant at={claimedAt} />,
          grounds && tellGrounds(grounds),
          answeredAt !== null && `after ${Math.round(answeredAt - claimedAt)} ms`,
          left === null ? 'held' : <Left left={left} />,
        ]}
      />
    </>
  );
}

function Left({ left }: { readonly left: NonNullable<AttemptStory['left']> }) {
  const { at, by, reason, requestedBy, lastLine } = left;
  return (
    <>
      <Instant at={at} /> {sentenceOf(by)}
      {requestedBy !== undefined && ` by ${requestedBy}`}
      {reason !== '' && `: ${reason}`}
      {lastLine !== undefined && (
        <>
          {' '}
          <code>{lastLine}</code>
        </>
      )}
    </>
  );
}
