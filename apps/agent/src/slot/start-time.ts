import type { Clock } from '#kernel';
import type { Observed } from './observed.js';

/**
 * How long games take from their start until they are ready: until one answers a query, says
 * something through the SDK, or accepts the session that it was started for. A game that does none
 * of this before it is claimed is not timed: nobody knows when it was ready.
 */
export class StartTime {
  /** Called once for each timed run, with the time (ms) that it took. */
  onReady: (elapsedMs: number) => void = () => undefined;

  /** @param timed the run that an earlier start of the agent may have timed */
  constructor(
    private readonly clock: Clock,
    private timed: string | null,
  ) {}

  see(seen: Observed): void {
    const { run } = seen;
    if (run === null || run.id === this.timed || !isReady(run.id, seen)) return;
    this.timed = run.id;
    this.onReady(this.clock.now() - run.process.startedAt);
  }
}

function isReady(run: string, { signals, record }: Observed): boolean {
  const { readyFor, players, counted } = signals;
  if (readyFor !== null || players !== null || counted !== null) return true;
  const isStartedForIt = record.run === run && record.runBefore !== run;
  return isStartedForIt && record.delivered && record.allocation?.readiness !== true;
}
