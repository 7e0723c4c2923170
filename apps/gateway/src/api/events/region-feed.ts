import type { EventLog, LogSubscription, LogItem } from '#kernel';
import type { SlotRecord } from '#wire';

type Item = LogItem<SlotRecord>;
type Listener = (item: Item) => void;

/** Newest items kept, so that who has just read the history finds the seam. */
const RECENT_MAX = 256;

/**
 * A region's log as it grows, complete and in order, for any number of listeners. One follower
 * serves them all, and only while somebody listens.
 */
export class RegionFeed {
  private readonly listeners = new Set<Listener>();
  private readonly recent: Item[] = [];
  private following: Promise<LogSubscription> | null = null;
  private guests = 0;
  private complete = 0;

  constructor(
    private readonly log: EventLog<SlotRecord>,
    /** The sequence to follow from, when the first guest comes. */
    private readonly latest: () => number,
  ) {}

  /** Everything after this sequence is, or will be, told. */
  get from(): number {
    return this.complete;
  }

  /** Every `enter` is to be followed by one `leave`, be it that it failed. */
  async enter(): Promise<void> {
    this.guests += 1;
    this.following ??= this.follow();
    await this.following;
  }

  leave(listener: Listener): void {
    this.listeners.delete(listener);
    this.guests -= 1;
    if (this.guests > 0) return;
    void this.following?.then(
      (following) => following.close(),
      () => undefined,
    );
    this.following = null;
    this.recent.length = 0;
  }

  /** Tells all that comes after `after`; false where that is more than is at hand. */
  join(after: number, listener: Listener): boolean {
    if (after < this.complete) return false;
    for (const item of this.recent) if (item.sequence > after) listener(item);
    this.listeners.add(listener);
    return true;
  }

  private follow(): Promise<LogSubscription> {
    this.complete = this.latest();
    const following = this.log.follow(this.complete, {
      // One that is being closed may still be told of things, which are another's by then.
      receive: (item) => void (this.following === following && this.take(item)),
    });
    return following;
  }

  private take(item: Item): void {
    this.recent.push(item);
    if (this.recent.length > RECENT_MAX) this.complete = this.recent.shift()?.sequence ?? 0;
    for (const listener of this.listeners) listener(item);
  }
}
