import type { Cancel, Clock, EventLog, LogRecord, LogItem, Subscription } from '#kernel';

const FIRST_PAUSE_MS = 250;
const PAUSE_MS_MAX = 5_000;

export interface Patience<F extends LogRecord> {
  receive(item: LogItem<F>): void;
  /** What was received is void: the log is another one, and its present follows. */
  startedOver?(): void;
  /** Is told once that the present has been received. */
  following?(): void;
  /** Is told why it is not yet, and when it is tried again. */
  waiting(error: unknown, pauseMs: number): void;
}

/** Watches, as soon as there is a log: it comes with the first allocator. */
export function watchPatiently<F extends LogRecord>(
  log: EventLog<F>,
  subject: string,
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
