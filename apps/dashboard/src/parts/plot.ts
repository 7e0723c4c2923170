import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';

/** Height of a chart (px). */
const HEIGHT = 160;

/** Distances of marks: on the axis of time (s), and of values, which are whole numbers. */
const STEPS_S = [60, 300, 600, 1_800, 3_600, 2 * 3_600, 3 * 3_600, 6 * 3_600];
const STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 50_000];

/** Bars show counts of equal times, lines what changes. */
export type PlotKind = 'lines' | 'bars';

/** Instants (s), then the values of each line at these. */
type Data = readonly (readonly (number | null)[])[];

export interface PlotOptions {
  readonly kind: PlotKind;
  /** Of each line. */
  readonly colours: readonly string[];
  readonly data: Data;
  /** Is told which instant the pointer is at, if any. */
  readonly point: (index: number | null) => void;
}

export interface Plot {
  show(data: Data): void;
  remove(): void;
}

/** Draws values over time in an element, as wide as it is. */
export function plotIn(place: HTMLElement, options: PlotOptions): Plot {
  const aligned = (data: Data) => data as uPlot.AlignedData;
  const chart = new uPlot(optionsOf(options, place.clientWidth), aligned(options.data), place);
  const resized = new ResizeObserver(([entry]) =>
    chart.setSize({ width: entry?.contentRect.width ?? 0, height: HEIGHT }),
  );
  resized.observe(place);
  return {
    show: (data) => chart.setData(aligned(data)),
    remove() {
      resized.disconnect();
      chart.destroy();
    },
  };
}

function optionsOf({ kind, colours, point }: PlotOptions, width: number): uPlot.Options {
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
function roomFor(kind: PlotKind, count: number, min: number, max: number) {
  const half = kind === 'bars' ? (max - min) / Math.max(1, count - 1) / 2 : 0;
  return [min - half, max + half] as [number, number];
}

/** The marks on the axis of time, as hours and minutes. */
function minutes(_chart: uPlot, at: readonly number[]): string[] {
  const how = { hour: '2-digit', minute: '2-digit', hour12: false } as const;
  return at.map((seconds) => new Date(seconds * 1_000).toLocaleTimeString(undefined, how));
}
