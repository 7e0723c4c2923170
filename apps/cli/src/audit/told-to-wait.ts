import { complain } from '../terminal.js';

/** Between two words of how long an answer takes (ms). */
const TOLD_MS = 2_000;

/** Says now and then that an answer is still awaited, for as long as it is. */
export async function toldToWait<T>(what: string, answer: Promise<T>): Promise<T> {
  let seconds = 0;
  const telling = setInterval(() => {
    seconds += TOLD_MS / 1_000;
    complain(`${what}: ${seconds} s`);
  }, TOLD_MS);
  try {
    return await answer;
  } finally {
    clearInterval(telling);
  }
}
