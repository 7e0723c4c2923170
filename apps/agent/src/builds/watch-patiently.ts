import {
  messageOf,
  type Cancel,
  type Clock,
  type EventLog,
  type Fact,
  type Follower,
  type Subscription,
} from '#kernel';
import type { Logger } from '#service';

const FIRST_PAUSE_MS = 250;
const PAUSE_MS_MAX = 5_000;

/** Looks on, as soon as there is such a log: it comes with the first allocator. */
export function watchPatiently<F extends Fact>(
  log: EventLog<F>,
  subject: string,
  follower: Follower<F>,
  { clock, logger }: { readonly clock: Clock; readonly logger: Logger },
): Cancel {
  let watching: Subscription | undefined;
  let closed = false;
  let cancelNext: Cancel = () => undefined;
  const open = async (pauseMs: number) => {
    try {
      watching = await log.watch(subject, follower);
      if (closed) watching.close();
    } catch (error) {
      if (closed) return;
      logger.debug({ subject, error: messageOf(error), pauseMs }, 'waiting for a log');
      cancelNext = clock.after(pauseMs, () => void open(Math.min(pauseMs * 2, PAUSE_MS_MAX)));
    }
  };
  void open(FIRST_PAUSE_MS);
  return () => {
    closed = true;
    cancelNext();
    watching?.close();
  };
}
