import { printJson } from '#json';
import type { Bus, Cancel, Clock } from '#kernel';
import { tell } from '#rpc';
import { withoutShownOffer, type SlotRef, type SlotReport, type SlotState } from '#slot';
import { endpoints, type ReportMessage } from '#wire';
import { isShown } from './shown.js';

/** How long (ms) the log may take to show a report before it is sent again; the last one stays. */
const PAUSES_MS = [250, 500, 1_000, 2_000] as const;

/** Says what an agent sees of one slot, and says it again, until the log shows it. */
export class Reporter {
  private round = 0;
  private cancel: Cancel | undefined;
  /** What is being said, and to which state of the log. */
  private saying = '';
  /** An allocator that did not see to a report in time; the next one is not sent to it first. */
  private absent = '';

  constructor(
    private readonly ref: SlotRef,
    private readonly bus: Bus,
    private readonly clock: Clock,
  ) {}

  /** To be called whenever the machine or the log has changed. */
  update(state: SlotState, sequence: number, report: SlotReport): void {
    if (isShown(state, report, this.clock.now())) return this.close();
    const saying = `${sequence} ${printJson(report)}`;
    if (saying === this.saying) return;
    this.close();
    this.saying = saying;
    const message: ReportMessage = { seen: sequence, report };
    const brief: ReportMessage = { seen: sequence, report: withoutShownOffer(report, state) };
    const allocator = state.context.allocation?.allocator;
    this.say(brief, message, allocator === this.absent ? undefined : allocator);
  }

  close(): void {
    this.cancel?.();
    this.cancel = undefined;
    this.saying = '';
    this.round = 0;
  }

  /**
   * First to the allocator that made the claim; if it is gone, to whoever is there. Whoever does not
   * see to it may not know the offer, since its log went back: said again, a report is whole.
   */
  private say(message: ReportMessage, whole: ReportMessage, allocator?: string): void {
    try {
      if (allocator === undefined) tell(this.bus, endpoints.report, this.ref, message);
      else tell(this.bus, endpoints.reportToClaimer, { ...this.ref, allocator }, message);
    } catch {
      // The connection is away: it is said again anyway.
    }
    const pauseMs = PAUSES_MS[Math.min(this.round, PAUSES_MS.length - 1)] ?? 0;
    this.round += 1;
    this.cancel = this.clock.after(pauseMs, () => {
      this.absent = allocator ?? this.absent;
      this.say(whole, whole);
    });
  }
}
