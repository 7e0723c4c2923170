import type { Grounds } from '#slot';
import type { Change, Head, RegionReplay } from './region-replay.js';

/** A slot may have been seen as it was before an event, or after it; undefined: not at all. */
export interface Unsure {
  readonly change: Change;
  readonly head: Head | undefined;
}

/** What an allocator had seen of a region's slots when it chose one of them. */
export class Sight {
  /** The slots as they were to it, by subject. */
  readonly heads: ReadonlyMap<string, Head>;
  /** What it may have seen otherwise: the more likely first. */
  readonly unsure: readonly Unsure[];
  /** The last event that it had read, if that is known. */
  readonly lastRead: Change | undefined;

  /**
   * @param change the event that claimed the chosen slot
   * @param grounds say how far its allocator had read, unless an earlier version recorded them
   */
  constructor(
    change: Change,
    { readTo, ownTo = 0 }: Pick<Grounds, 'readTo' | 'ownTo'>,
    { heads, recent }: RegionReplay,
  ) {
    const now = new Map([...heads].map((head) => [head.subject, head]));
    // The chosen slot was seen as it was: its claim was compared and set.
    const others = recent.filter(({ after }) => after.subject !== change.after.subject);
    if (readTo === undefined) {
      this.heads = now;
      this.unsure = others.toReversed().map((one) => ({ change: one, head: one.before }));
      return;
    }
    this.lastRead = recent.findLast(({ sequence }) => sequence <= readTo);
    const since = others.filter(({ sequence }) => sequence > readTo);
    const isSeen = (one: Change) => one.source === change.source && one.sequence <= ownTo;
    this.heads = seenAt(now, since, isSeen);
    this.unsure = since.flatMap((one) =>
      [one.after, one.before].map((head) => ({ change: one, head })),
    );
  }
}

/** Slots as they were before some events, but for those events that were seen. */
function seenAt(
  now: ReadonlyMap<string, Head>,
  since: readonly Change[],
  isSeen: (change: Change) => boolean,
): ReadonlyMap<string, Head> {
  const seen = new Map(now);
  for (const { before, after } of since.toReversed()) {
    if (before === undefined) seen.delete(after.subject);
    else seen.set(after.subject, before);
  }
  for (const one of since) if (isSeen(one)) seen.set(one.after.subject, one.after);
  return seen;
}
