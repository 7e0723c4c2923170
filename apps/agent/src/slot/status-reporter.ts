import { isShown, type Reporter } from '#slot-owner';
import type { Clock } from '#kernel';
import type { CheckFailure, SlotReport, SlotState } from '#slot';
import type { Desired } from './desired.js';
import type { SlotHost } from './slot-host.js';
import { reportOf } from './slot-report.js';

export interface StatusReporterDeps {
  readonly clock: Clock;
  readonly host: SlotHost;
  readonly reporter: Reporter;
  /** Incarnation of the agent. */
  readonly incarnation: number;
}

/** Reports what one slot's machine looks like, and what is wrong with its game. */
export class StatusReporter {
  private whenShown: (() => void) | null = null;
  /** The run that is unhealthy and must be ended, and why. */
  private unhealthy: { readonly run: string; readonly failure: CheckFailure } | null = null;

  constructor(private readonly deps: StatusReporterDeps) {}

  /** To be called when a check of the run has failed. The run is ended once the log shows why. */
  checkFailed(run: string, failure: CheckFailure): void {
    this.unhealthy = { run, failure };
  }

  /** Reports what is on the machine, until the log shows it. The log is known up to `sequence`. */
  report(wanted: Desired, state: SlotState, sequence: number): void {
    const { host, reporter, clock, incarnation } = this.deps;
    const seen = reportOf(wanted, host.observe(), host.offer, incarnation);
    const failure = this.checkFailure ?? (isProcessShown(seen, state) ? seen.failure : null);
    const report = { ...seen, failure };
    reporter.update(state, sequence, report);
    if (isShown(state, report, clock.now())) this.whenShown?.();
  }

  /**
   * Ends the game only once the log shows the failure, so that the history has the cause before the
   * effect.
   */
  endUnhealthy({ context }: SlotState): void {
    const shownAt = context.failure?.failedAt;
    if (shownAt !== undefined && shownAt === this.checkFailure?.failedAt) {
      void this.deps.host.abort();
    }
  }

  /**
   * Resolves when the log shows what is reported from now on, or after `withinMs` at the latest.
   */
  shown(withinMs: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.deps.clock.after(withinMs, resolve);
      this.whenShown = () => {
        cancel();
        resolve();
      };
    });
  }

  /** What is wrong with the running game; null if nothing is. */
  private get checkFailure(): CheckFailure | null {
    const { running } = this.deps.host.game;
    return running !== null && running.id === this.unhealthy?.run ? this.unhealthy.failure : null;
  }
}

/**
 * Whether the log shows the process that is reported. A failure is reported only then: the log
 * drops a failure when it records that the previous process has ended.
 */
function isProcessShown({ process }: SlotReport, { context }: SlotState): boolean {
  return process?.pid === context.process?.pid;
}
