import type { Result } from './rounds.js';

const WIDTH = 720;
/** Where bars begin, and how long the longest is; the number stands behind it (px). */
const [LEFT, LONGEST] = [130, 480];
const [ROW, HEADING, BAR] = [22, 34, 14];

/** Of the processes, by their names; of any other the last one. Readable on white by everybody. */
const COLOURS: Readonly<Record<string, string>> = {
  allocator: '#1f6feb',
  agent: '#57a773',
  'nats-server': '#d98e04',
  gateway: '#8e5bd0',
  load: '#8c959f',
};
const OTHER_COLOUR = '#b4485f';

interface Bar {
  readonly name: string;
  readonly text: string;
  /** From the left, each with its colour. */
  readonly parts: readonly (readonly [number, string])[];
}

/** Rates, median latencies and processor times of a run, as an SVG document. */
export function chart(title: string, results: readonly Result[]): string {
  const loads = new Set(results.map(({ load }) => `${load.amount} ${load.kind}`));
  const blocks = [...loads].flatMap((name) => {
    const own = results.filter(({ load }) => `${load.amount} ${load.kind}` === name);
    return [
      { heading: `${name}: allocations a second`, bars: own.map(rateOf) },
      { heading: `${name}: median latency, ms`, bars: own.map(latencyOf) },
      { heading: `${name}: µs of processor for an allocation`, bars: own.map(processorOf) },
    ];
  });
  let top = HEADING;
  const drawn = blocks.map(({ heading, bars }) => {
    const from = top;
    top += HEADING + bars.length * ROW;
    return block(heading, bars, from);
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${top + 2 * HEADING}" font-family="sans-serif" font-size="13">`,
    '<rect width="100%" height="100%" fill="#ffffff"/>',
    text(16, 24, title, 'bold'),
    ...drawn,
    legend(top + ROW),
    '</svg>\n',
  ].join('\n');
}

function rateOf({ target, measurement: { perSecond } }: Result): Bar {
  return plain(target, perSecond, perSecond.toFixed(0));
}

function latencyOf({ target, measurement: { p50 } }: Result): Bar {
  return plain(target, p50, p50.toFixed(2));
}

function plain(name: string, value: number, printed: string): Bar {
  return { name, text: printed, parts: [[value, '#1f6feb']] };
}

function processorOf({ target, measurement: { cpu } }: Result): Bar {
  const parts = Object.entries(cpu).map(([of, us]) => [us, COLOURS[of] ?? OTHER_COLOUR] as const);
  return { name: target, text: lengthOf({ parts }).toFixed(0), parts };
}

function lengthOf({ parts }: Pick<Bar, 'parts'>): number {
  return parts.reduce((sum, [value]) => sum + value, 0);
}

function block(heading: string, bars: readonly Bar[], top: number): string {
  const scale = LONGEST / Math.max(...bars.map(lengthOf));
  const rows = bars.map((bar, at) => row(bar, scale, top + HEADING + at * ROW));
  return [text(16, top + 24, heading, 'bold'), ...rows].join('\n');
}

function row({ name, text: printed, parts }: Bar, scale: number, top: number): string {
  let left = LEFT;
  const rects = parts.map(([value, colour]) => {
    const from = left;
    left += value * scale;
    return rect(from, top, value * scale, colour);
  });
  const middle = top + BAR - 2;
  return [text(16, middle, name), ...rects, text(left + 6, middle, printed)].join('\n');
}

function legend(top: number): string {
  const known = [...Object.entries(COLOURS), ['a database', OTHER_COLOUR] as const];
  return known
    .map(([name, colour], at) => {
      const left = 16 + at * 112;
      return `${rect(left, top, BAR, colour)}\n${text(left + BAR + 6, top + BAR - 2, name)}`;
    })
    .join('\n');
}

function rect(x: number, y: number, width: number, fill: string): string {
  return `<rect x="${x.toFixed(1)}" y="${y}" width="${width.toFixed(1)}" height="${BAR}" fill="${fill}"/>`;
}

function text(x: number, y: number, said: string, weight = 'normal'): string {
  const escaped = said.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text x="${x.toFixed(1)}" y="${y}" font-weight="${weight}">${escaped}</text>`;
}
