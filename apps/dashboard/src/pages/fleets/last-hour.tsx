import { useState } from 'preact/hooks';
import { getAll } from '../../api.js';
import { Chart } from '../../parts/chart.js';
import { Failure } from '../../parts/failure.js';
import { COUNTED, countsOf } from '../../samples.js';
import type { FleetThen } from '../../types.js';
import { useAsked } from '../../use-answer.js';

/** How many instants are looked at, and how far apart they are (ms). */
const INSTANTS = 13;
const EVERY_MS = 5 * 60_000;

/** What the fleet had in the last hour, from the history, once somebody wants it. */
export function LastHour({ id }: { readonly id: string }) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <details onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <summary>The last hour, from the history</summary>
      {isOpen && <Past id={id} />}
    </details>
  );
}

function Past({ id }: { readonly id: string }) {
  const { answer, failure } = useAsked(() => read(id), id);
  return (
    <>
      {answer === null && failure === '' && <p role="status">Reading the history…</p>}
      <Failure text={failure} />
      {answer !== null && (
        <Chart
          title="Its slots in the last hour"
          at={answer.map(({ at }) => at)}
          lines={COUNTED.map((name) => ({
            ...{ title: name, colour: name },
            values: answer.map((sample) => sample[name]),
          }))}
        />
      )}
    </>
  );
}

/** One instant after the other: each keeps the gateway busy for a moment. */
async function read(id: string) {
  const [region = '', fleet = ''] = id.split('.');
  const now = Date.now();
  const samples = [];
  for (let before = INSTANTS - 1; before >= 0; before -= 1) {
    const at = now - before * EVERY_MS;
    const query = { region, fleet, at: String(at) };
    const slots = await getAll<'slots', FleetThen['slots'][number]>('/v1/audit/at', 'slots', query);
    samples.push({ at, ...countsOf(slots) });
  }
  return samples;
}
