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
  /** Of the agent. */
  readonly incarnation: number;
}

/** Reports what one slot's machine looks like, and what is wrong with its game. */
export class StatusReporter {
  private whenShown: (() => void) | null = null;
  /** The run that is not well, and is to be ended. */
  private unhealthy: { readonly run: string; readonly failure: CheckFailure } | null = null;

  constructor(private readonly deps: StatusReporterDeps) {}

  /** A check of the run has failed: it is ended once the log says why. */
  checkFailed(run: string, failure: CheckFailure): void {
    this.unhealthy = { run, failure };
  }

  /** Says what is there, against what the log shows at `sequence`, until it shows it. */
  report(wanted: Desired, state: SlotState, sequence: number): void {
    const { host, reporter, clock, incarnation } = this.deps;
    const seen = reportOf(wanted, host.observe(), host.offer, incarnation);
    const failure = this.checkFailure ?? (isProcessShown(seen, state) ? seen.failure : null);
    const report = { ...seen, failure };
    reporter.update(state, sequence, report);
    if (isShown(state, report, clock.now())) this.whenShown?.();
  }

  /** Not before the log shows why, so that the history has the cause before the effect. */
  endUnhealthy({ context }: SlotState): void {
    const shownAt = context.failure?.failedAt;
    if (shownAt !== undefined && shownAt === this.checkFailure?.failedAt) {
      void this.deps.host.abort();
    }
  }

  /** Resolves when the log shows what is reported from here on, at the latest after `withinMs`. */
  shown(withinMs: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.deps.clock.after(withinMs, resolve);
      this.whenShown = () => {
        cancel();
        resolve();
      };
    });
  }

  /** What is wrong with the run that runs. */
  private get checkFailure(): CheckFailure | null {
    const { running } = this.deps.host.game;
    return running !== null && running.id === this.unhealthy?.run ? this.unhealthy.failure : null;
  }
}

/** A failure that the log heard of first, would be gone with the end of the process before. */
function isProcessShown({ process }: SlotReport, { context }: SlotState): boolean {
  return process?.pid === context.process?.pid;
}
