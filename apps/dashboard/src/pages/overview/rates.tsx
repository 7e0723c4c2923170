import { Chart } from '../../parts/chart.js';
import { Facts } from '../../parts/facts.js';
import { claimsOf, latencyNow, rateTick } from '../../rates.js';
import { linkTo } from '../../route.js';
import { durationOf } from '../../words.js';

/** How much time the chart shows (s), and of how much the rate is the mean. */
const SHOWN_S = 300;
const MEAN_S = 60;

/** Allocations a second, and how long games take to accept their sessions, since the page is open. */
export function Rates() {
  // Read, so that this is drawn again each second.
  void rateTick.value;
  const { at, claims } = claimsOf(SHOWN_S);
  const recent = claims.slice(-MEAN_S).reduce((sum, count) => sum + count, 0) / MEAN_S;
  const latency = latencyNow();
  return (
    <>
      <h2>
        <a href={linkTo('allocations')}>Allocations</a>
      </h2>
      <Facts
        of={{
          'A second': recent.toFixed(recent < 10 ? 2 : 0),
          'To the answer': latency
            ? `${durationOf(latency.half)} for half of them, ${durationOf(latency.most)} for 99 of 100`
            : 'none in the last minute',
        }}
      />
      <Chart
        title="Allocations in each second"
        at={at}
        lines={[{ title: 'allocations in a second', colour: 'live', values: claims }]}
        kind="bars"
      />
    </>
  );
}
