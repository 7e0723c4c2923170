import { errorMessage, type Cancel, type Clock } from '#kernel';

/**
 * How often (ms) the file is read. It is read whole, because a file watcher can miss a rename or a
 * mount.
 */
export const REREAD_MS = 1_000;

export interface FollowOptions<Content> {
  readonly clock: Clock;
  /** Called when the file has changed; the new content applies from now on. */
  readonly changed: (content: Content) => void;
  /** Called when the file cannot be used, once for each reason. The earlier content stays valid. */
  readonly broken: (reason: string) => void;
}

/**
 * Follows a file. A change applies at most a second after it was written. If the file becomes
 * invalid or is removed, the last valid content continues to apply.
 *
 * @param read returns the text of the file; throws if it cannot be read
 * @param parse throws if the text is invalid; at the start, `followFile` throws this too
 */
export async function followFile<Content>(
  read: () => Promise<string>,
  parse: (text: string) => Content,
  { clock, changed, broken }: FollowOptions<Content>,
): Promise<Cancel> {
  let last = await read();
  let reason = '';
  let isReading = false;
  changed(parse(last));

  const reread = async () => {
    try {
      const text = await read();
      if (text !== last) changed(parse(text));
      last = text;
      reason = '';
    } catch (error) {
      if (errorMessage(error) !== reason) broken(errorMessage(error));
      reason = errorMessage(error);
    }
  };
  return clock.every(REREAD_MS, () => {
    if (isReading) return;
    isReading = true;
    void reread().finally(() => (isReading = false));
  });
}
