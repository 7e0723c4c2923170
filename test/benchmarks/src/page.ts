import { readFileSync } from 'node:fs';
import { chart } from './chart.js';
import { markdownTable } from './report.js';
import type { Result } from './rounds.js';

/** The content of a file written by `npm run bench -- --json`. */
interface Run {
  readonly machine: string;
  readonly syncAlways: boolean;
  readonly rounds: number;
  readonly results: readonly Result[];
}

/** The files of the results that the page shows; the page marks the place of each by its path. */
const RUNS = ['docs/generated/bench-sync.json', 'docs/generated/bench-no-sync.json'];

/** The page on performance with the newest figures; the text around them is written by hand. */
export function performancePage(): string {
  return RUNS.reduce(
    (page, path) => withFigures(page, path, JSON.parse(readFileSync(path, 'utf8')) as Run),
    readFileSync('docs/performance.md', 'utf8'),
  );
}

/** The charts of the same figures: the path of each, and its text. */
export const charts = new Map(
  RUNS.map((path) => [
    chartOf(path),
    () => {
      const { syncAlways, results } = JSON.parse(readFileSync(path, 'utf8')) as Run;
      return chart(`What is acknowledged is ${safety(syncAlways)}`, results);
    },
  ]),
);

/** @throws an `Error` if the page has no place for the figures */
export function withFigures(page: string, path: string, run: Run): string {
  const [begin, end] = [`<!-- figures of ${path} -->`, `<!-- end of figures -->`];
  const from = page.indexOf(begin);
  const to = page.indexOf(end, from);
  if (from < 0 || to < 0) throw new Error(`there is no place for the figures of ${path}`);
  // The page and the charts are both below `docs`.
  const link = chartOf(path).replace(/^docs\//, '');
  return `${page.slice(0, from)}${begin}\n\n${figures(run)}\n\n![Chart](${link})\n\n${page.slice(to)}`;
}

function chartOf(path: string): string {
  return path.replace(/json$/, 'svg');
}

function safety(syncAlways: boolean): string {
  return syncAlways ? 'on the disk' : 'not yet on the disk';
}

function figures({ machine, syncAlways, rounds, results }: Run): string {
  const loads = [...new Set(results.map(({ load }) => JSON.stringify(load)))];
  // Other code compares loads by identity, which JSON does not preserve.
  const known = new Map(loads.map((text) => [text, JSON.parse(text) as Result['load']]));
  const same = results.map((result) => {
    const load = known.get(JSON.stringify(result.load)) ?? result.load;
    return { ...result, load };
  });
  const said = `${machine.replace('\n', '; ')}. What is acknowledged is ${safety(syncAlways)}; the median of ${rounds} rounds.`;
  return `${said}\n\n${markdownTable(same)}`;
}
