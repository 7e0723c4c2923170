import { useEffect, useRef, useState } from 'preact/hooks';
import { Failed, get } from './api.js';

export interface Asked<T> {
  /** Null before the first answer. */
  readonly answer: T | null;
  /** Why the last question failed; empty if it did not. */
  readonly failure: string;
  /** HTTP status of the failure; 0 if the gateway cannot be reached, or nothing failed. */
  readonly status: number;
}

const UNASKED = { answer: null, failure: '', status: 0 };

/** How long (ms) a path must stay the same before it is asked for: a filter changes as one types. */
const TYPING_MS = 150;

/**
 * Asks the API for `path`, and again whenever one of `again` changes: `slots.value` changes a few
 * times a second at most, however many events there are. The last answer stays if one fails. An empty
 * path is not asked for.
 */
export function useAnswer<T>(path: string, ...again: readonly unknown[]): Asked<T> {
  return useAsked((signal) => get<T>(path, signal), path, ...again);
}

/**
 * The same with a question of several requests; `path` tells one question from another. While one is
 * being answered, it is not asked again; that comes next.
 */
export function useAsked<T>(
  question: (signal: AbortSignal) => Promise<T>,
  path: string,
  ...again: readonly unknown[]
): Asked<T> {
  const [asked, setAsked] = useState<Asked<T>>(UNASKED);
  const ask = useRef(() => undefined as void);
  const isFirst = useRef(true);
  useEffect(() => {
    const stop = new AbortController();
    let [isAsking, isWanted] = [false, false];
    const answer = async () => {
      const found = await question(stop.signal).then(
        (value) => () => ({ answer: value, failure: '', status: 0 }),
        (error: unknown) => (before: Asked<T>) => ({ ...before, ...failureOf(error) }),
      );
      isAsking = false;
      if (stop.signal.aborted) return;
      setAsked(found);
      if (isWanted) ask.current();
    };
    ask.current = () => {
      isWanted = isAsking;
      if (isAsking || path === '') return;
      isAsking = true;
      void answer();
    };
    // The effect below asks for the first time.
    const timer = isFirst.current ? undefined : setTimeout(ask.current, TYPING_MS);
    isFirst.current = false;
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [path]);
  useEffect(() => ask.current(), again);
  return asked;
}

function failureOf(error: unknown) {
  return { failure: wordsOf(error), status: error instanceof Failed ? error.status : 0 };
}

export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
