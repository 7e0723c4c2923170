import { signal } from '@preact/signals';
import type { SlotEvent } from './types.js';

/** How much is remembered (s). */
const SECONDS_MAX = 600;

/** For how long rates and the time to an answer are summed up (s). */
const RECENT_S = 60;

/** What was granted within one second. */
interface Second {
  /** Epoch ms, of its beginning. */
  readonly at: number;
  claims: number;
  /** How long (ms) games took to accept their sessions, from the claim on. */
  readonly answers: number[];
}

const seconds: Second[] = [];
const claimedAt = new Map<string, number>();

/** Rises with each second: the rates are computed from what was counted until then. */
export const rateTick = signal(0);
setInterval(() => (rateTick.value += 1), 1_000);

/** Counts one event of the stream. */
export function count(event: SlotEvent): void {
  if (!('at' in event)) return;
  if (event.type === 'AllocationRequested') {
    claimedAt.set(event.slot, event.at);
    secondNow().claims += 1;
  } else if (event.type === 'CallbackAcked') {
    const claimed = claimedAt.get(event.slot);
    if (claimed !== undefined) secondNow().answers.push(event.at - claimed);
  }
}

/** Claims in each of the last `count` times of `everyMs`, the latest last; the current one is not over. */
export function claimsOf(
  count: number,
  everyMs: number,
): { readonly at: number[]; readonly claims: number[] } {
  const last = Math.floor(Date.now() / everyMs);
  const claims = new Array<number>(count).fill(0);
  for (const second of seconds) {
    const index = Math.floor(second.at / everyMs) - last + count - 1;
    if (index >= 0) claims[index] = (claims[index] ?? 0) + second.claims;
  }
  return { at: claims.map((_, index) => (last - count + 1 + index) * everyMs), claims };
}

/** Claims a second, on average over the last minute. */
export function rateNow(): number {
  return recentSeconds().reduce((sum, { claims }) => sum + claims, 0) / RECENT_S;
}

/** How long (ms) games took in the last minute: half of them, and 99 of 100; null if none did. */
export function latencyNow(): { readonly half: number; readonly most: number } | null {
  const answers = recentSeconds().flatMap((second) => second.answers);
  if (answers.length === 0) return null;
  answers.sort((one, other) => one - other);
  const quantile = (share: number) =>
    answers[Math.min(answers.length - 1, Math.floor(share * answers.length))] ?? 0;
  return { half: quantile(0.5), most: quantile(0.99) };
}

function recentSeconds(): readonly Second[] {
  const from = Date.now() - RECENT_S * 1_000;
  return seconds.filter(({ at }) => at >= from);
}

function secondNow(): Second {
  const at = Math.floor(Date.now() / 1_000) * 1_000;
  const last = seconds.at(-1);
  if (last?.at === at) return last;
  const next = { at, claims: 0, answers: [] };
  if (seconds.push(next) > SECONDS_MAX) seconds.shift();
  return next;
}
