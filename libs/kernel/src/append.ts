import type { Clock } from './clock.js';
import { CannotStore, TransientError } from './errors.js';
import type { Append, EventLog, LogRecord, LogItem } from './event-log.js';

/** Pause before the same message is sent again (ms). */
const AGAIN_MS = 25;

export type AppendOutcome<F extends LogRecord> =
  | { readonly kind: 'stored'; readonly sequence: number }
  /** `original` is an earlier message that has the same de-duplication id. */
  | { readonly kind: 'duplicate'; readonly original: LogItem<F> | undefined }
  /** Nothing was written: `last` is now the last message of the subject. */
  | { readonly kind: 'conflict'; readonly last: LogItem<F> | undefined }
  | { readonly kind: 'busy' }
  /** No verdict by the deadline. The message may have been written, or may still be written. */
  | { readonly kind: 'indeterminate'; readonly cause: unknown };

type Unclear = { readonly kind: 'unclear'; readonly cause: unknown };

/**
 * Sends one append until there is a verdict or `until` (epoch ms) is reached. Versions of
 * nats-server differ in the order in which they check the expected sequence and the de-duplication
 * id; the outcome is right with all of them: after a lost answer the *same* message is sent again,
 * and a conflict or duplicate that turns out to be this very message is a success. While nothing is
 * stored at all, another attempt does not help.
 *
 * @throws {LogRefused | CannotStore}
 */
export async function appendUntilKnown<F extends LogRecord>(
  log: EventLog<F>,
  append: Append<F>,
  clock: Clock,
  until: number,
): Promise<AppendOutcome<F>> {
  for (;;) {
    const outcome = await attempt(log, append);
    if (outcome.kind !== 'unclear') return outcome;
    if (clock.now() + AGAIN_MS >= until) return { kind: 'indeterminate', cause: outcome.cause };
    await clock.sleep(AGAIN_MS);
  }
}

async function attempt<F extends LogRecord>(
  log: EventLog<F>,
  append: Append<F>,
): Promise<AppendOutcome<F> | Unclear> {
  try {
    const verdict = await log.append(append);
    switch (verdict.kind) {
      case 'stored':
      case 'busy':
        return verdict;
      case 'duplicate':
        return stored(await log.at(verdict.sequence), append, 'duplicate');
      case 'conflict':
        return stored(await log.last(append.subject), append, 'conflict');
      case 'inFlight':
        return { kind: 'unclear', cause: new TransientError('the same message is in flight') };
      case 'unknown':
        return { kind: 'unclear', cause: verdict.cause };
      default:
        return verdict satisfies never;
    }
  } catch (error) {
    if (error instanceof TransientError && !(error instanceof CannotStore))
      return { kind: 'unclear', cause: error };
    throw error;
  }
}

/** Success if the message found in the log is the one that was sent. */
function stored<F extends LogRecord>(
  found: LogItem<F> | undefined,
  append: Append<F>,
  otherwise: 'duplicate' | 'conflict',
): AppendOutcome<F> {
  if (found?.kind === 'recorded' && found.record.id === append.record.id) {
    return { kind: 'stored', sequence: found.sequence };
  }
  return otherwise === 'duplicate'
    ? { kind: 'duplicate', original: found }
    : { kind: 'conflict', last: found };
}
