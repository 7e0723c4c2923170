import { Unparsable, type StoredMessage } from '#kernel';
import { slotRecordCodec, type SlotRecord } from '#wire';

/**
 * An event is dated when it is decided, and stored later: by the time of an append with all its
 * retries (ms).
 */
export const STORED_LATE_MS = 10_000;

/** The record of a stored message; undefined where it cannot be read. */
export function readable({ subject, body }: StoredMessage): SlotRecord | undefined {
  try {
    return slotRecordCodec.decode(subject, body);
  } catch (error) {
    if (error instanceof Unparsable) return undefined;
    throw error;
  }
}

/** When a stored event was recorded (epoch ms), by its own date. */
export function dateOf(message: StoredMessage): number | undefined {
  return readable(message)?.event.at;
}
