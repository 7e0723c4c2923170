import { cpus, totalmem } from 'node:os';
import type { Result } from './rounds.js';

/** What the numbers were measured on, since they mean nothing without it. */
export function describeMachine(natsServerVersion: string): string {
  const processors = cpus();
  const model = processors[0]?.model.trim() ?? 'unknown';
  const memory = `${(totalmem() / 2 ** 30).toFixed(1)} GiB`;
  return [
    `${processors.length} × ${model}, ${memory}`,
    `node ${process.version}, nats-server ${natsServerVersion}, file storage`,
  ].join('\n');
}

const headings = ['in flight', 'target', 'p50 ms', 'p99 ms', 'req/s', 'errors'];
const ratioHeading = 'p50, p99, req/s against the floor';

/**
 * Lays the results out as a table. The first target is the floor; the others get their ratio to
 * it: latencies above 1 are slower, rates below 1 are fewer.
 */
export function formatTable(results: readonly Result[]): string {
  const floor = results[0]?.target;
  const hasRatios = results.some(({ target }) => target !== floor);
  const rows = results.map((result) => {
    const ratio = formatRatio(result, results);
    return hasRatios ? [...formatCells(result), ratio] : formatCells(result);
  });
  const table = [hasRatios ? [...headings, ratioHeading] : headings, ...rows];
  const widths = headings.map((_, column) =>
    Math.max(...table.map((row) => row[column]?.length ?? 0)),
  );
  return table.map((row) => formatRow(row, widths)).join('\n');
}

function formatCells({ target, concurrency, measurement }: Result): string[] {
  const { p50, p99, perSecond, errors } = measurement;
  const milliseconds = [p50, p99].map((value) => value.toFixed(2));
  return [String(concurrency), target, ...milliseconds, perSecond.toFixed(0), String(errors)];
}

function formatRatio({ target, concurrency, measurement }: Result, results: readonly Result[]) {
  const floor = results.find((other) => other.concurrency === concurrency);
  if (floor === undefined || floor.target === target) return '';
  const ratio = (value: number, of: number): string => `${(value / of).toFixed(2)}×`;
  return [
    ratio(measurement.p50, floor.measurement.p50),
    ratio(measurement.p99, floor.measurement.p99),
    ratio(measurement.perSecond, floor.measurement.perSecond),
  ].join('  ');
}

/** Names to the left, numbers to the right; the last column is as wide as it likes. */
function formatRow(row: readonly string[], widths: readonly number[]): string {
  const cells = row.map((cell, column) => {
    const width = widths[column] ?? 0;
    return column === 1 ? cell.padEnd(width) : cell.padStart(width);
  });
  return cells.join('  ').trimEnd();
}
