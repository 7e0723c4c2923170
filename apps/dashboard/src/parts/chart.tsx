import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Plot, PlotKind } from './plot.js';

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
  readonly kind?: PlotKind;
  /** How a value is said. */
  readonly say?: (value: number) => string;
}

/** Values over time. Below it, they are said: those under the pointer, or the latest. */
export function Chart({ title, at, lines, kind = 'lines', say = String }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const legend = useRef<HTMLElement>(null);
  const drawn = useRef<Plot>(null);
  const plotting = usePlotting();
  const [pointed, setPointed] = useState<number | null>(null);
  const scheme = useScheme();
  const data = [at.map((ms) => ms / 1_000), ...lines.map(({ values }) => [...values])];
  const shape = `${scheme} ${kind} ${lines.map((line) => line.title + line.colour).join()}`;
  useEffect(() => {
    if (place.current === null || legend.current === null || plotting === undefined) return;
    const colours = [...legend.current.children].map((item) => getComputedStyle(item).color);
    const plot = plotting.plotIn(place.current, { kind, colours, data, point: setPointed });
    drawn.current = plot;
    return () => plot.remove();
  }, [shape, plotting]);
  // All but the latest values of the same times stay as they are.
  const latest = lines.map(({ values }) => values.at(-1)).join();
  useEffect(() => drawn.current?.show(data), [at[0], at.length, latest]);
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

/**
 * What draws is a third of the whole page, and is loaded when there is something to draw; without it the
 * values are said all the same.
 */
function usePlotting() {
  const [plotting, setPlotting] = useState<typeof import('./plot.js')>();
  useEffect(() => {
    import('./plot.js').then(setPlotting, () => undefined);
  }, []);
  return plotting;
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
