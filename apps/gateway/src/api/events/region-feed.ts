import type { EventLog, LogSubscription, LogItem } from '#kernel';
import type { SlotRecord } from '#wire';

type Item = LogItem<SlotRecord>;
type Listener = (item: Item) => void;

/**
 * Number of newest items that are kept, so that a client that has just read the history can join.
 */
const RECENT_MAX = 256;

/**
 * A region's log as it grows, complete and in order, for any number of listeners. One subscription
 * serves all of them, and exists only while there are listeners.
 */
export class RegionFeed {
  private readonly listeners = new Set<Listener>();
  private readonly recent: Item[] = [];
  private following: Promise<LogSubscription> | null = null;
  private guests = 0;
  private complete = 0;

  constructor(
    private readonly log: EventLog<SlotRecord>,
    /** The sequence to follow from when the first listener comes. */
    private readonly latest: () => number,
  ) {}

  /** Everything after this sequence is, or will be, passed to listeners that join. */
  get from(): number {
    return this.complete;
  }

  /** Each `enter` needs one `leave`, even if it fails. */
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

  /**
   * Adds a listener and passes it everything after `after`; false if some of that is no longer
   * kept.
   */
  join(after: number, listener: Listener): boolean {
    if (after < this.complete) return false;
    for (const item of this.recent) if (item.sequence > after) listener(item);
    this.listeners.add(listener);
    return true;
  }

  private follow(): Promise<LogSubscription> {
    this.complete = this.latest();
    const following = this.log.follow(this.complete, {
      // A subscription being closed may still receive items; its successor receives them too.
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
