import { readFileSync } from 'node:fs';
import { CAUGHT_UP } from '../../../apps/allocator/src/log/catching-up.js';
import type { Violation } from './inspector.js';
import type { Service } from './service.js';

/** An allocator that stood still for long, and since when it runs again (epoch ms). */
export interface Standstill {
  readonly service: Pick<Service, 'name' | 'logFile' | 'pid'>;
  readonly pid: number | undefined;
  readonly resumedAt: number;
}

/** What the allocator logged once it had read the log to its end. */
export interface Recovery {
  readonly name: string;
  /** Time from the end of the pause until it served again (ms). */
  readonly afterMs: number;
  /**
   * Requests answered in between: told to ask again, or given a verdict, of which there must be
   * none.
   */
  readonly passing: number;
  readonly verdicts: number;
}

interface Line {
  readonly time: number;
  readonly pid: number;
  readonly msg: string;
  readonly passing: number;
  readonly verdicts: number;
}

/** Undefined if it has not caught up, or was killed before. */
export function recoveryOf({ service, pid, resumedAt }: Standstill): Recovery | undefined {
  const found = linesOf(service.logFile).find(
    (line) => line.msg === CAUGHT_UP && line.pid === pid && line.time >= resumedAt,
  );
  if (found === undefined) return undefined;
  const { time, passing, verdicts } = found;
  return { name: service.name, afterMs: time - resumedAt, passing, verdicts };
}

export function checkRecovery(
  standstill: Standstill,
  recovery: Recovery | undefined,
): readonly Violation[] {
  const { name, pid } = standstill.service;
  if (recovery === undefined) {
    // Another fault may have struck it before it had caught up.
    if (pid !== standstill.pid) return [];
    return [{ kind: 'stale', text: `${name} stood still, and has never caught up` }];
  }
  if (recovery.verdicts === 0) return [];
  return [
    { kind: 'stale', text: `${name} gave ${recovery.verdicts} verdicts before it had caught up` },
  ];
}

function linesOf(path: string): readonly Line[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('{') && line.endsWith('}'))
    .map((line) => JSON.parse(line) as Line);
}
