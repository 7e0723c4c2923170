import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';

const pollMs = 10;

/** Calls `ask` until it returns a value; returns undefined once the time is over. */
export async function poll<Answer>(
  ask: () => Promise<Answer | undefined> | Answer | undefined,
  msMax: number,
): Promise<Answer | undefined> {
  const until = performance.now() + msMax;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined || performance.now() >= until) return answer;
    await delay(pollMs);
  }
}

/** Whether a promise is fulfilled within `msMax`. */
export async function isWithin(promise: Promise<unknown>, msMax: number): Promise<boolean> {
  const timer = new AbortController();
  const late = delay(msMax, false, { signal: timer.signal }).catch(() => false);
  try {
    return await Promise.race([promise.then(() => true), late]);
  } finally {
    timer.abort();
  }
}
