import { useEffect, useState } from 'preact/hooks';
import { Failed, get } from './api.js';

interface Asked<T> {
  /** Null before the first answer. */
  readonly answer: T | null;
  /** Why the last question failed; empty if it did not. */
  readonly failure: string;
}

/**
 * Asks the API now, and again whenever one of `again` changes: `slots.value` changes a few times a
 * second at most, however many events there are. The last answer stays if one fails.
 */
export function useAnswer<T>(path: string, ...again: readonly unknown[]): Asked<T> {
  const [asked, setAsked] = useState<Asked<T>>({ answer: null, failure: '' });
  useEffect(() => {
    let isCurrent = true;
    get<T>(path).then(
      (answer) => isCurrent && setAsked({ answer, failure: '' }),
      (error: unknown) =>
        isCurrent && setAsked(({ answer }) => ({ answer, failure: wordsOf(error) })),
    );
    return () => void (isCurrent = false);
  }, [path, ...again]);
  return asked;
}

export function wordsOf(error: unknown): string {
  return error instanceof Failed ? error.message : String(error);
}
