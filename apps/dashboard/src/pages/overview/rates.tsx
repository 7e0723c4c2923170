import { Chart } from '../../parts/chart.js';
import { Facts } from '../../parts/facts.js';
import { claimsOf, latencyNow, rateTick } from '../../rates.js';
import { linkTo } from '../../route.js';
import { durationOf } from '../../words.js';

/** The chart has so many bars, each of so long (ms). */
const BARS = 60;
const BAR_MS = 5_000;

/** Allocations over time, and how long games take to accept their sessions, since the page is open. */
export function Rates() {
  // Read, so that this is drawn again each second.
  void rateTick.value;
  const { at, claims } = claimsOf(BARS, BAR_MS);
  const latency = latencyNow();
  return (
    <>
      <h2>
        <a href={linkTo('allocations')}>Allocations</a>
      </h2>
      <Facts
        of={{
          'To the answer': latency
            ? `${durationOf(latency.half)} for half of them, ${durationOf(latency.most)} for 99 of 100`
            : 'none in the last minute',
        }}
      />
      <Chart
        title="Allocations in every five seconds"
        at={at}
        lines={[{ title: 'allocations in five seconds:', colour: 'live', values: claims }]}
        kind="bars"
      />
    </>
  );
}
