import { verdictsOf } from './choices.js';
import type { ViolationKind } from './inspector.js';
import type { Recovery } from './standstill.js';
import type { Outcome } from './storm.js';

/** Number of violations shown in full; the rest is only counted. */
const SHOWN_MAX = 40;

export function describeOutcome(outcome: Outcome): string {
  const { requests, questions, events, slots, calmMs, kills, violations } = outcome;
  const calm = calmMs === null ? 'not all slots came back' : `all slots free after ${calmMs} ms`;
  return [
    '',
    `${requests} requests, asked ${questions} times; ${kills} kills; ${calm}`,
    `${events} events of ${slots} slots replayed`,
    ...section('how the requests ended', outcome.ends),
    ...section('faults', outcome.faults),
    ...section('allocators asked by /readyz', outcome.readiness),
    ...section('choices computed anew', verdictsOf(outcome.choices)),
    ...section('metrics that had a value', outcome.metrics),
    ...section('ended by themselves', outcome.failures),
    ...section('starts that failed, and were made again', outcome.failedStarts),
    ...outcome.recoveries.flatMap(describeRecovery),
    '',
    ...violations.slice(0, SHOWN_MAX).map(({ kind, text }) => `${kind}: ${text}`),
    verdict(outcome),
    '',
  ].join('\n');
}

function verdict({ violations }: Outcome): string {
  const count = (kind: ViolationKind) => violations.filter((one) => one.kind === kind).length;
  return [
    `${count('double')} doubles`,
    `${count('leak')} leaks`,
    `${count('lost')} lost`,
    `${count('unlawful')} unlawful`,
    `${count('stale')} stale`,
    `${count('ended')} allocators ended by themselves`,
    `${count('unready')} wrong about their readiness`,
    `${count('unseen')} metrics without a value`,
    `${count('different')} choices that nothing explains`,
  ].join(', ');
}

function describeRecovery({ name, afterMs, passing, verdicts }: Recovery): readonly string[] {
  return [
    '',
    `${name} stood still, went on, and had read the log to its end ${afterMs} ms later;`,
    `  before that it gave ${verdicts} verdicts (none may be), and told ${passing} to ask again`,
  ];
}

function section(title: string, counts: ReadonlyMap<string, number>): readonly string[] {
  if (counts.size === 0) return [];
  const rows = [...counts].map(([word, count]) => `  ${String(count).padStart(7)}  ${word}`);
  return ['', `${title}:`, ...rows];
}
