import { isShown, Reporter } from '#slot-owner';
import type { Clock } from '#kernel';
import type { CheckFailure, SlotRef, SlotReport, SlotState } from '#slot';
import type { Desired } from './desired.js';
import type { Means } from './means.js';
import { reportOf } from './report.js';
import type { Workplace } from './workplace.js';

/** Has the log learn what one slot's machine looks like, and what is wrong with its game. */
export class Testimony {
  private readonly reporter: Reporter;
  private readonly clock: Clock;
  private whenShown: (() => void) | null = null;
  /** The run that is not well, and is to be ended. */
  private ailing: { readonly run: string; readonly failure: CheckFailure } | null = null;

  constructor(
    ref: SlotRef,
    private readonly incarnation: number,
    { bus, clock }: Means,
    private readonly workplace: Workplace,
  ) {
    this.clock = clock;
    this.reporter = new Reporter(ref, bus, clock);
  }

  /** The run is not well: it is ended once the log says why. */
  unwell(run: string, failure: CheckFailure): void {
    this.ailing = { run, failure };
  }

  /** Says what is there, against what the log shows at `sequence`, until it shows it. */
  give(wanted: Desired, state: SlotState, sequence: number): void {
    const { workplace } = this;
    const seen = reportOf(wanted, workplace.observe(), workplace.offer, this.incarnation);
    const failure = this.ailment ?? (isProcessShown(seen, state) ? seen.failure : null);
    const report = { ...seen, failure };
    this.reporter.update(state, sequence, report);
    if (isShown(state, report, this.clock.now())) this.whenShown?.();
  }

  /** Not before the log shows it, so that the history says why before it happens. */
  endAiling({ context }: SlotState): void {
    const shownAt = context.failure?.failedAt;
    if (shownAt !== undefined && shownAt === this.ailment?.failedAt) void this.workplace.abort();
  }

  /** Resolves when the log shows what is given from here on, at the latest after `withinMs`. */
  shown(withinMs: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.clock.after(withinMs, resolve);
      this.whenShown = () => {
        cancel();
        resolve();
      };
    });
  }

  close(): void {
    this.reporter.close();
  }

  /** What is wrong with the run that runs. */
  private get ailment(): CheckFailure | null {
    const { run } = this.workplace.observe();
    return run?.exit === null && run.id === this.ailing?.run ? this.ailing.failure : null;
  }
}

/** A failure that the log heard of first, would be gone with the end of the process before. */
function isProcessShown({ process }: SlotReport, { context }: SlotState): boolean {
  return process?.pid === context.process?.pid;
}
