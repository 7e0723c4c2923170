import { cpus, totalmem } from 'node:os';
import type { Result } from './rounds.js';

/** The machine and versions of the measurement, without which the numbers mean nothing. */
export function describeMachine(natsServerVersion: string): string {
  const processors = cpus();
  const model = processors[0]?.model.trim() ?? 'unknown';
  const memory = `${(totalmem() / 2 ** 30).toFixed(1)} GiB`;
  return [
    `${processors.length} × ${model}, ${memory}`,
    `node ${process.version}, nats-server ${natsServerVersion}, file storage`,
  ].join('\n');
}

const HEADINGS = ['load', 'target', 'p50 ms', 'p99 ms', 'req/s', 'errors'];
const MORE_HEADINGS = [
  'p50, p99, req/s against the floor',
  'µs of processor for an allocation',
  'stored, messages and kB in, out',
];

/**
 * The results as rows of cells, headings first. The first target is the floor; the others show
 * their ratio to it: latencies above 1 are slower, rates below 1 are lower.
 */
function rowsOf(results: readonly Result[]): readonly (readonly string[])[] {
  const rows = results.map((result) => {
    const { target, load, measurement } = result;
    const { p50, p99, perSecond, errors, cpu } = measurement;
    return [
      `${load.amount} ${load.kind}`,
      target,
      p50.toFixed(2),
      p99.toFixed(2),
      perSecond.toFixed(0),
      String(errors),
      ratioOf(result, results),
      cpuText(cpu),
      trafficText(measurement),
    ];
  });
  return [[...HEADINGS, ...MORE_HEADINGS], ...rows];
}

/** Aligns names to the left, numbers to the right. */
export function formatTable(results: readonly Result[]): string {
  const rows = rowsOf(results);
  const widths = rows[0]?.map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  const isName = (column: number) => column < 2 || column >= HEADINGS.length;
  const lines = rows.map((row) =>
    row
      .map((cell, column) => {
        const width = widths?.[column] ?? 0;
        return isName(column) ? cell.padEnd(width) : cell.padStart(width);
      })
      .join('  ')
      .trimEnd(),
  );
  return lines.join('\n');
}

/** The same table as Markdown. */
export function markdownTable(results: readonly Result[]): string {
  const [headings = [], ...rows] = rowsOf(results);
  const rule = headings.map(() => '---');
  return [headings, rule, ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

function ratioOf({ target, load, measurement }: Result, results: readonly Result[]): string {
  const floor = results.find((other) => other.load === load);
  if (floor === undefined || floor.target === target) return '';
  const ratio = (key: 'p50' | 'p99' | 'perSecond'): string =>
    `${(measurement[key] / floor.measurement[key]).toFixed(2)}×`;
  return [ratio('p50'), ratio('p99'), ratio('perSecond')].join(' ');
}

function cpuText(cpu: Readonly<Record<string, number>>): string {
  const parts = Object.entries(cpu);
  if (parts.length < 2) return '';
  const sum = parts.reduce((total, [, microseconds]) => total + microseconds, 0);
  const texts = parts.map(([name, microseconds]) => `${name} ${microseconds.toFixed(0)}`);
  return `${sum.toFixed(0)} = ${texts.join(' + ')}`;
}

function trafficText({ traffic }: Result['measurement']): string {
  const { stored, messagesIn, messagesOut, bytesIn, bytesOut } = traffic;
  const moved = (messages: number, bytes: number) =>
    `${messages.toFixed(1)} ${(bytes / 1_000).toFixed(1)}`;
  return `${stored.toFixed(1)}, ${moved(messagesIn, bytesIn)}, ${moved(messagesOut, bytesOut)}`;
}
