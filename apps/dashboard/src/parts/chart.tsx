import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';

/** Height of a chart (px). */
const HEIGHT = 160;

/** Distances of marks: on the axis of time (s), and of values, which are whole numbers. */
const STEPS_S = [60, 300, 600, 1_800, 3_600, 2 * 3_600, 3 * 3_600, 6 * 3_600];
const STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 50_000];

interface Line {
  readonly title: string;
  /** The class whose colour it has. */
  readonly colour: string;
  readonly values: readonly (number | null)[];
}

interface ChartProps {
  /** What it shows, for screen readers. */
  readonly title: string;
  /** Instants (epoch ms), ascending, at least two. */
  readonly at: readonly number[];
  readonly lines: readonly Line[];
  /** Bars show counts of equal times, lines what changes. */
  readonly kind?: 'lines' | 'bars';
  /** How a value is said. */
  readonly say?: (value: number) => string;
}

/** Values over time. Below it, they are said: those under the pointer, or the latest. */
export function Chart({ title, at, lines, kind = 'lines', say = String }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const legend = useRef<HTMLElement>(null);
  const drawn = useRef<uPlot>(null);
  const [pointed, setPointed] = useState<number | null>(null);
  const scheme = useScheme();
  const data = [at.map((ms) => ms / 1_000), ...lines.map(({ values }) => [...values])];
  const shape = `${scheme} ${kind} ${lines.map((line) => line.title + line.colour).join()}`;
  useEffect(() => {
    if (place.current === null || legend.current === null) return;
    const colours = [...legend.current.children].map((item) => getComputedStyle(item).color);
    const options = optionsOf(kind, colours, place.current.clientWidth, setPointed);
    const chart = new uPlot(options, data as uPlot.AlignedData, place.current);
    drawn.current = chart;
    const resized = new ResizeObserver(([entry]) =>
      chart.setSize({ width: entry?.contentRect.width ?? 0, height: HEIGHT }),
    );
    resized.observe(place.current);
    return () => {
      resized.disconnect();
      chart.destroy();
    };
  }, [shape]);
  // All but the latest values of the same times stay as they are.
  const latest = lines.map(({ values }) => values.at(-1)).join();
  useEffect(() => drawn.current?.setData(data as uPlot.AlignedData), [at[0], at.length, latest]);
  const index = pointed ?? at.length - 1;
  const said = (value: number | null | undefined): ComponentChildren =>
    value === null || value === undefined ? '' : say(value);
  return (
    <figure class="chart">
      <div ref={place} role="img" aria-label={title} />
      <figcaption ref={legend}>
        {lines.map((line) => (
          <span class={`state ${line.colour}`}>
            {line.title} {said(line.values[index])}
          </span>
        ))}
      </figcaption>
    </figure>
  );
}

function optionsOf(
  kind: 'lines' | 'bars',
  colours: readonly string[],
  width: number,
  point: (index: number | null) => void,
): uPlot.Options {
  const stroke = getComputedStyle(document.body).color;
  const grid = { stroke: `color-mix(in srgb, ${stroke} 15%, transparent)`, width: 1 };
  const paths = kind === 'bars' ? uPlot.paths.bars?.({ size: [0.8, 40] }) : undefined;
  return {
    width,
    height: HEIGHT,
    legend: { show: false },
    cursor: { y: false, drag: { setScale: false } },
    scales: {
      x: { range: (chart, min, max) => roomFor(kind, chart.data[0].length, min, max) },
      y: { range: (_chart, _min, max) => [0, Math.max(1, max * 1.1)] },
    },
    axes: [
      { stroke, grid: { show: false }, space: 70, incrs: STEPS_S, values: minutes },
      { stroke, grid, size: 50, incrs: STEPS },
    ],
    series: [
      {},
      ...colours.map((colour) => ({
        stroke: colour,
        width: 2,
        points: { show: false },
        ...(paths && { paths, fill: colour, width: 0 }),
      })),
    ],
    hooks: { setCursor: [({ cursor }) => point(cursor.idx ?? null)] },
  };
}

/** The times that are shown: the first and the last bar need half their width more. */
function roomFor(kind: ChartProps['kind'], count: number, min: number, max: number) {
  const half = kind === 'bars' ? (max - min) / Math.max(1, count - 1) / 2 : 0;
  return [min - half, max + half] as [number, number];
}

/** The marks on the axis of time, as hours and minutes. */
function minutes(_chart: uPlot, at: readonly number[]): string[] {
  const how = { hour: '2-digit', minute: '2-digit', hour12: false } as const;
  return at.map((seconds) => new Date(seconds * 1_000).toLocaleTimeString(undefined, how));
}

/** Changes with the light or dark scheme: a chart is drawn in its colours. */
function useScheme(): string {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const [isDark, setIsDark] = useState(dark.matches);
  useEffect(() => {
    const changed = () => setIsDark(dark.matches);
    dark.addEventListener('change', changed);
    return () => dark.removeEventListener('change', changed);
  }, []);
  return isDark ? 'dark' : 'light';
}
