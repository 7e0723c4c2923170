import { DeadlinePassed, NobodyListens, Unparsable, type Random, type Clock } from '#kernel';
import type { Refused as Refusal, RefusalCode } from '#wire';
import { abortable } from './abort.js';
import { AllocationUncertain, AllocatorAbsent, Refused } from './errors.js';

/**
 * How long (ms) one try may take: the allocator that took it may be gone, and another may answer.
 */
const TRY_MS = 5_000;

/**
 * How long (ms) a try may take that waits for a slot; doubled with each try. The first tries are
 * short, because the allocator that took them may hang: the next try may reach another allocator,
 * and the place in the first queue is kept.
 */
const WAITING_TRY_MS = { first: TRY_MS, max: 30_000 } as const;

const PAUSE_MS = { first: 50, max: 1_000 } as const;

/** Codes of refusals that may pass: the same request can be served later. */
const PASSING: readonly RefusalCode[] = ['not-ready', 'timed-out'];

export interface RetryPlan<Granted> {
  readonly allocationId: string;
  readonly region: string;
  /** Time limit for all tries together; `waitMs` of it may be spent waiting for a slot. */
  readonly timeoutMs: number;
  readonly waitMs: number;
  /**
   * Whether a try that is given up loses its place in the queue. If so, the tries are long from the
   * first.
   */
  readonly losesPlace: boolean;
  readonly signal: AbortSignal | undefined;
  readonly clock: Clock;
  readonly random: Random;
  /** Makes one try, which is given up after `patienceMs`. */
  readonly attempt: (patienceMs: number, waitMs: number) => Promise<Granted | Refusal>;
}

/**
 * Repeats the same request until there is a verdict or the time is up. This is safe because all
 * tries carry the same id: every allocator answers for the same allocation.
 */
export async function persist<Granted extends { readonly status: string }>(
  endeavour: RetryPlan<Granted>,
): Promise<Granted> {
  const { clock, random, signal, timeoutMs } = endeavour;
  const since = clock.now();
  const until = since + timeoutMs;
  let pauseMs: number = PAUSE_MS.first;
  let waitingTryMs: number = endeavour.losesPlace ? WAITING_TRY_MS.max : WAITING_TRY_MS.first;
  let isUncertain = false;
  for (;;) {
    signal?.throwIfAborted();
    const leftMs = Math.max(1, until - clock.now());
    const waitMs = Math.max(0, since + endeavour.waitMs - clock.now());
    const patienceMs = Math.min(leftMs, waitMs > 0 ? waitingTryMs : TRY_MS);
    waitingTryMs = Math.min(2 * waitingTryMs, WAITING_TRY_MS.max);
    const outcome = await abortable(once(endeavour, patienceMs, waitMs), signal);
    if (!('failure' in outcome)) return outcome.granted;
    isUncertain ||= outcome.isUncertain;
    // Half to all of the pause, so that clients that failed together do not all retry at the same
    // time.
    const pause = pauseMs * (0.5 + random.fraction() / 2);
    if (clock.now() + pause >= until) throw verdict(endeavour, outcome.failure, isUncertain);
    await abortable(clock.sleep(pause), signal);
    pauseMs = Math.min(2 * pauseMs, PAUSE_MS.max);
  }
}

type Outcome<Granted> =
  | { readonly granted: Granted }
  /** Worth another try. Uncertain if an allocator may have received it. */
  | { readonly failure: Error; readonly isUncertain: boolean };

async function once<Granted extends { readonly status: string }>(
  { allocationId, attempt }: RetryPlan<Granted>,
  patienceMs: number,
  waitMs: number,
): Promise<Outcome<Granted>> {
  try {
    const answer = await attempt(patienceMs, waitMs);
    if (!isRefusal(answer)) return { granted: answer };
    const id = answer.allocationId ?? allocationId;
    const failure = new Refused(answer.code, answer.message, id, answer.grounds);
    if (!PASSING.includes(answer.code)) throw failure;
    return { failure, isUncertain: answer.code === 'timed-out' };
  } catch (error) {
    if (error instanceof DeadlinePassed) return { failure: error, isUncertain: true };
    if (error instanceof NobodyListens) return { failure: error, isUncertain: false };
    if (error instanceof Unparsable) throw new AllocationUncertain(allocationId, error);
    throw error;
  }
}

function isRefusal(answer: { readonly status: string }): answer is Refusal {
  return answer.status === 'refused';
}

function verdict(
  { allocationId, region }: RetryPlan<unknown>,
  failure: Error,
  isUncertain: boolean,
): Error {
  if (isUncertain) return new AllocationUncertain(allocationId, failure);
  return failure instanceof NobodyListens ? new AllocatorAbsent(region, failure) : failure;
}
