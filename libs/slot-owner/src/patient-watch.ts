import type { Cancel, Clock, EventLog, LogRecord, LogItem, Subscription } from '#kernel';

const FIRST_PAUSE_MS = 250;
const PAUSE_MS_MAX = 5_000;

export interface Patience<F extends LogRecord> {
  receive(item: LogItem<F>): void;
  /** Discards what was received: the log is another one, and its current state follows. */
  startedOver?(): void;
  /** Called once, when the current state of the log has been received. */
  following?(): void;
  /** Called with the reason why the log cannot be watched yet, and the time until the next try. */
  waiting(error: unknown, pauseMs: number): void;
}

/** Watches a log as soon as it exists. The first allocator of a region creates it. */
export function watchPatiently<F extends LogRecord>(
  log: EventLog<F>,
  subject: string | readonly string[],
  clock: Clock,
  patience: Patience<F>,
): Cancel {
  const consumer = {
    receive: (item: LogItem<F>) => patience.receive(item),
    startedOver: () => patience.startedOver?.(),
  };
  let watching: Subscription | undefined;
  let isWanted = true;
  let cancelNext: Cancel = () => undefined;
  const open = async (pauseMs: number): Promise<void> => {
    try {
      watching = await log.watch(subject, consumer);
    } catch (error) {
      if (!isWanted) return;
      patience.waiting(error, pauseMs);
      cancelNext = clock.after(pauseMs, () => void open(Math.min(pauseMs * 2, PAUSE_MS_MAX)));
      return;
    }
    if (isWanted) patience.following?.();
    else watching.close();
  };
  void open(FIRST_PAUSE_MS);
  return () => {
    isWanted = false;
    cancelNext();
    watching?.close();
  };
}
