import { printJson } from '#json';
import type { Bus, Cancel, Clock } from '#kernel';
import { tell } from '#rpc';
import { withoutShownOffer, type SlotRef, type SlotReport, type SlotState } from '#slot';
import { carriedContext, continuing } from '#tracing';
import { endpoints, type ReportMessage } from '#wire';
import { isShown } from './shown.js';

/**
 * Pauses (ms) before a report that the log does not show is sent again. The last one is repeated.
 */
const PAUSES_MS = [250, 500, 1_000, 2_000] as const;

/**
 * After a report had to be repeated, no report leaves out its offer for this time (ms): the allocator
 * may be of version 0.2, which sets such a report aside.
 */
const WHOLE_MS = 600_000;

/** Reports what an agent sees of one slot, again and again until the log shows it. */
export class Reporter {
  private round = 0;
  private cancel: Cancel | undefined;
  /**
   * The report that is being sent, with the sequence of the log's state that it was compared with.
   */
  private saying = '';
  /**
   * The last allocator that did not record a report in time. It does not get the next report first.
   */
  private absent = '';
  /** Until then reports are sent whole (by the machine's clock, epoch ms). */
  private wholeUntil = 0;

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
    const first = this.clock.now() < this.wholeUntil ? message : brief;
    const allocator = state.context.allocation?.allocator;
    this.say(first, message, allocator === this.absent ? undefined : allocator);
  }

  close(): void {
    this.cancel?.();
    this.cancel = undefined;
    this.saying = '';
    this.round = 0;
  }

  /**
   * Sends a report first to the allocator that made the claim, then to any allocator. The first
   * message leaves out an offer that the log shows already. Repetitions hold the whole report,
   * because the log may have gone back and not know the offer.
   */
  private say(message: ReportMessage, whole: ReportMessage, allocator?: string): void {
    try {
      if (allocator === undefined) tell(this.bus, endpoints.report, this.ref, message);
      else tell(this.bus, endpoints.reportToClaimer, { ...this.ref, allocator }, message);
    } catch {
      // There is no connection to NATS. The report is sent again after the pause.
    }
    const pauseMs = PAUSES_MS[Math.min(this.round, PAUSES_MS.length - 1)] ?? 0;
    this.round += 1;
    const carried = carriedContext();
    this.cancel = this.clock.after(pauseMs, () => {
      this.absent = allocator ?? this.absent;
      this.wholeUntil = this.clock.now() + WHOLE_MS;
      continuing(carried, () => this.say(whole, whole));
    });
  }
}
