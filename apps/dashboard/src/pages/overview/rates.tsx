import { Chart } from '../../parts/chart.js';
import { claimsOf, rateTick } from '../../rates.js';
import { linkTo } from '../../route.js';

/** The chart has so many bars, each of so long (ms). */
const BARS = 60;
const BAR_MS = 5_000;

/** Allocations over time, since the page is open. */
export function Rates() {
  // Read, so that this is drawn again each second.
  void rateTick.value;
  const { at, claims } = claimsOf(BARS, BAR_MS);
  return (
    <>
      <h2>
        <a href={linkTo('allocations')}>Allocations</a>
      </h2>
      <Chart
        title="Allocations in every five seconds"
        at={at}
        lines={[{ title: 'allocations in five seconds:', colour: 'live', values: claims }]}
        kind="bars"
      />
    </>
  );
}
