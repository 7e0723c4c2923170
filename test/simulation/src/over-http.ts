import { AllocationUncertain, Refused } from '#client';
import type { AllocationRequest, RefusalCode } from '#wire';
import { Problem } from '../../../apps/gateway/src/http/problems.js';
import type { Life } from './life.js';
import { setMaxListeners } from 'node:events';
import { ConnectionLost, type Answered } from './web.js';
import type { World } from './world.js';

/** Pause before the same request is sent again (ms). */
const AGAIN_MS = 300;

/** Each try leaves two listeners behind. */
const LISTENERS_MAX = 1_000;

/** Answers after which a requester sends the same request again. */
const PASSING: readonly string[] = ['not-ready', 'no-allocator', 'timed-out'];

/**
 * Asks over HTTP, and repeats the request until there is a verdict or the time is over, like a
 * matchmaker without our client. It hangs up when it is told to, when it dies, and when its time is
 * over.
 *
 * @throws {Refused | AllocationUncertain} or the signal's reason.
 */
export async function allocateOverHttp(
  world: World,
  life: Life,
  request: AllocationRequest & { readonly allocationId: string },
  signal: AbortSignal,
): Promise<Answered> {
  const { timeline } = world;
  const { allocationId, timeoutMs } = request;
  const waitUntil = timeline.now() + request.waitMs;
  const until = waitUntil + timeoutMs;
  const hangUp = new AbortController();
  life.onEnd(() => hangUp.abort());
  signal.addEventListener('abort', () => hangUp.abort(signal.reason));
  setMaxListeners(LISTENERS_MAX, hangUp.signal);
  life.after(until - timeline.now(), () =>
    hangUp.abort(new AllocationUncertain(allocationId, undefined)),
  );
  for (;;) {
    hangUp.signal.throwIfAborted();
    const waitMs = Math.max(0, Math.round(waitUntil - timeline.now()));
    try {
      const asked = world.web.post({ ...request, waitMs }, hangUp.signal);
      return await Promise.race([asked, aborted(hangUp.signal)]);
    } catch (error) {
      if (!isPassing(error, allocationId)) throw error;
      await new Promise<void>((resolve) => void life.after(AGAIN_MS, resolve));
    }
  }
}

function isPassing(error: unknown, allocationId: string): boolean {
  if (error instanceof ConnectionLost) return true;
  if (!(error instanceof Problem)) return false;
  if (PASSING.includes(error.code)) return true;
  throw new Refused(error.code as RefusalCode, error.detail, allocationId);
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const abort = () => reject(signal.reason as Error);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
}
