import { DeadlinePassed, NobodyListens, Unparsable, type Random, type Clock } from '#kernel';
import type { Refused as Refusal, RefusalCode } from '#wire';
import { abortable } from './abort.js';
import { AllocationUncertain, AllocatorAbsent, Refused } from './errors.js';

/** One try is given up after this: the allocator that took it may be gone, and another may answer. */
const TRY_MS = 5_000;

/**
 * The same for a try that may wait for a slot. The first ones are short, for whoever took them may
 * stand still: the next try may reach another allocator, and the place in the first line is kept.
 */
const WAITING_TRY_MS = { first: TRY_MS, max: 30_000 } as const;

const PAUSE_MS = { first: 50, max: 1_000 } as const;

/** Refusals that say nothing about the request itself: the same again can be served. */
const PASSING: readonly RefusalCode[] = ['not-ready', 'timed-out'];

export interface RetryPlan<Granted> {
  readonly allocationId: string;
  readonly region: string;
  /** For all tries together; `waitMs` of it may be spent in waiting for a slot. */
  readonly timeoutMs: number;
  readonly waitMs: number;
  /** Whether giving up a try gives up its place in the line: then the tries are long from the first. */
  readonly losesPlace: boolean;
  readonly signal: AbortSignal | undefined;
  readonly clock: Clock;
  readonly random: Random;
  /** One try, given up after `patienceMs`. */
  readonly attempt: (patienceMs: number, waitMs: number) => Promise<Granted | Refusal>;
}

/**
 * Asks, and asks the same again, until there is a verdict or the time is up. Safe because every
 * try carries one id: whichever allocator answers, it answers for the same allocation.
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
    // Half to all of the pause, so that many who failed together do not come back together.
    const pause = pauseMs * (0.5 + random.fraction() / 2);
    if (clock.now() + pause >= until) throw verdict(endeavour, outcome.failure, isUncertain);
    await abortable(clock.sleep(pause), signal);
    pauseMs = Math.min(2 * pauseMs, PAUSE_MS.max);
  }
}

type Outcome<Granted> =
  | { readonly granted: Granted }
  /** Worth another try; uncertain if it may have been heard nevertheless. */
  | { readonly failure: Error; readonly isUncertain: boolean };

async function once<Granted extends { readonly status: string }>(
  { allocationId, attempt }: RetryPlan<Granted>,
  patienceMs: number,
  waitMs: number,
): Promise<Outcome<Granted>> {
  try {
    const answer = await attempt(patienceMs, waitMs);
    if (!isRefusal(answer)) return { granted: answer };
    const failure = new Refused(answer.code, answer.message, answer.allocationId ?? allocationId);
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
