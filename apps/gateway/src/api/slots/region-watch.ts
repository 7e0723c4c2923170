import { errorMessage, type Cancel, type EventLog, type Subscription } from '#kernel';
import { slotsSubject, type SlotRecord } from '#wire';
import type { GatewayDeps } from '../../gateway-deps.js';
import type { SlotView } from './slot-view.js';

const PAUSE_MS = { first: 100, max: 5_000 } as const;

/** Feeds the view with the log of one region, as soon as that log can be opened. */
export class RegionWatch {
  private opened: EventLog<SlotRecord> | undefined;
  private openedArchive: EventLog<SlotRecord> | undefined;
  private isCaughtUp = false;
  private subscription: Subscription | null = null;
  private cancel: Cancel | null = null;
  private isClosed = false;
  private reason = 'its log is still being read';

  constructor(
    readonly region: string,
    private readonly deps: Pick<GatewayDeps, 'openLog' | 'openArchive' | 'clock' | 'logger'>,
    private readonly view: SlotView,
  ) {}

  /** The region's log; null until the view has caught up with it. */
  get log(): EventLog<SlotRecord> | null {
    return this.isCaughtUp ? (this.opened ?? null) : null;
  }

  /** The archive of what the log has forgotten; undefined if the region has none. */
  get archive(): EventLog<SlotRecord> | undefined {
    return this.openedArchive;
  }

  /** Why the view does not show the region; null if it does. */
  get behindBecause(): string | null {
    return this.log === null ? `region ${this.region}: ${this.reason}` : null;
  }

  start(): void {
    void this.open(PAUSE_MS.first);
  }

  close(): void {
    this.isClosed = true;
    this.cancel?.();
    this.subscription?.close();
  }

  /** The region's first allocator creates the stream; it may start after the gateway. */
  private async open(pauseMs: number): Promise<void> {
    try {
      this.opened ??= await this.deps.openLog(this.region);
      this.openedArchive ??= await this.deps.openArchive?.(this.region);
      const subscription = await this.opened.watch(slotsSubject(this.region), {
        receive: (item) => this.view.receive(item),
        startedOver: () => this.startOver(),
      });
      if (this.isClosed) return subscription.close();
      this.subscription = subscription;
      this.isCaughtUp = true;
      this.deps.logger.info({ region: this.region }, 'caught up');
    } catch (error) {
      this.retry(errorMessage(error), pauseMs);
    }
  }

  private startOver(): void {
    const { region } = this;
    this.deps.logger.error(
      { region },
      'the log was replaced by an older one: reading its slots again',
    );
    this.view.forget(region);
  }

  private retry(reason: string, pauseMs: number): void {
    if (this.isClosed) return;
    if (reason !== this.reason) {
      this.deps.logger.warn({ region: this.region, reason }, 'the region cannot be read yet');
    }
    this.reason = reason;
    const nextPauseMs = Math.min(2 * pauseMs, PAUSE_MS.max);
    this.cancel = this.deps.clock.after(pauseMs, () => void this.open(nextPauseMs));
  }
}
