import { Chart } from '../../parts/chart.js';
import type { Refusal } from '../../types.js';

const HOUR_MS = 3_600_000;
const HOURS = 24;

/** The colours of codes, in their order; the last is of all others. */
const COLOURS = ['lost', 'awaiting', 'idle', 'live', 'cold'] as const;

interface RefusalChartProps {
  readonly byCode: readonly (readonly [code: string, all: readonly Refusal[]])[];
}

/** How many were refused in each hour of the last day, by code. */
export function RefusalChart({ byCode }: RefusalChartProps) {
  const last = Math.floor(Date.now() / HOUR_MS);
  const hours = Array.from({ length: HOURS }, (_, index) => last - HOURS + 1 + index);
  const lines = byCode.map(([code, all], index) => {
    const counts = Map.groupBy(all, ({ refusedAt }) => Math.floor(refusedAt / HOUR_MS));
    return {
      title: code,
      colour: COLOURS[index] ?? 'cold',
      values: hours.map((hour) => counts.get(hour)?.length ?? 0),
    };
  });
  return (
    <Chart
      title="Refusals in each hour of the last day"
      at={hours.map((hour) => hour * HOUR_MS)}
      lines={lines}
      kind={lines.length === 1 ? 'bars' : 'lines'}
    />
  );
}
