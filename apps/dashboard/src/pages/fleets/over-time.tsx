import { Chart } from '../../parts/chart.js';
import { COUNTED, samples } from '../../samples.js';

interface OverTimeProps {
  readonly id: string;
  /** The most sessions that the fleet's size allows. */
  readonly max: number | undefined;
}

/** What a fleet had since this page was opened, against its size. */
export function OverTime({ id, max }: OverTimeProps) {
  const own = samples.value.get(id) ?? [];
  if (own.length < 2) return null;
  const counted = COUNTED.map((name) => ({
    title: name,
    colour: name,
    values: own.map((sample) => sample[name]),
  }));
  const limit = { title: 'at most', colour: 'lost', values: own.map(() => max ?? null) };
  return (
    <Chart
      title="Its slots since this page was opened"
      at={own.map(({ at }) => at)}
      lines={max === undefined ? counted : [...counted, limit]}
    />
  );
}
