import type { Clock, EventLog, Fact, LogItem, Subscription } from '#kernel';

const FIRST_PAUSE_MS = 250;
const PAUSE_MS_MAX = 5_000;

export interface Patience<F extends Fact> {
  receive(item: LogItem<F>): void;
  isWanted(): boolean;
  /** Is told why it is not yet, and when it is tried again. */
  waiting(error: unknown, pauseMs: number): void;
}

/**
 * Watches, as soon as there is a log: it comes with the first allocator. Resolves when the present
 * has been received; null where it is not wanted any more.
 */
export async function watchPatiently<F extends Fact>(
  log: EventLog<F>,
  subject: string,
  clock: Clock,
  patience: Patience<F>,
): Promise<Subscription | null> {
  const receive = (item: LogItem<F>) => patience.receive(item);
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, PAUSE_MS_MAX)) {
    if (!patience.isWanted()) return null;
    try {
      const watching = await log.watch(subject, { receive });
      if (patience.isWanted()) return watching;
      watching.close();
    } catch (error) {
      patience.waiting(error, pauseMs);
      await clock.sleep(pauseMs);
    }
  }
}
