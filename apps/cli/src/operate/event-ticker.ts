import { eventAnswer } from '#http-api';
import { errorMessage } from '#kernel';
import { setTimeout as sleep } from 'node:timers/promises';
import type { z } from 'zod';
import type { Api } from './api.js';

type Event = z.output<typeof eventAnswer>;

/** What is counted happened within this time (s). */
export const WINDOW_S = 10;

/** How many of the latest events are remembered. */
const LATEST_MAX = 100;

/** Pause before a broken stream is opened again (ms). */
const AGAIN_MS = 1_000;

/** Follows the events of all slots, counts them by type, and remembers the latest. */
export class EventTicker {
  /** The latest first. */
  latest: readonly Event[] = [];
  /** Why nothing is heard; null while the stream is open. */
  trouble: string | null = 'not connected yet';
  /** Counts by type, of each of the last seconds. */
  private readonly seconds = new Map<number, Map<string, number>>();

  constructor(private readonly api: Api) {}

  /** Goes on until the signal; opens the stream again if it breaks. */
  async follow(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        const opened = () => (this.trouble = null);
        for await (const { data } of this.api.events('/v1/events', signal, opened)) {
          this.take(eventAnswer.parse(JSON.parse(data)), Date.now());
        }
        this.trouble = 'the stream of events ended';
      } catch (error) {
        this.trouble = errorMessage(error);
      }
      await sleep(AGAIN_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  take(event: Event, nowMs: number): void {
    this.latest = [event, ...this.latest].slice(0, LATEST_MAX);
    const second = Math.floor(nowMs / 1_000);
    const counts = this.seconds.get(second) ?? new Map<string, number>();
    this.seconds.set(second, counts.set(event.type, (counts.get(event.type) ?? 0) + 1));
  }

  /** How many events of each type there were a second, the most frequent first. */
  rates(nowMs: number): readonly (readonly [type: string, aSecond: number])[] {
    const since = Math.floor(nowMs / 1_000) - WINDOW_S;
    const sums = new Map<string, number>();
    for (const [second, counts] of this.seconds) {
      if (second <= since) this.seconds.delete(second);
      else for (const [type, count] of counts) sums.set(type, (sums.get(type) ?? 0) + count);
    }
    return [...sums]
      .sort(([, one], [, other]) => other - one)
      .map(([type, sum]) => [type, sum / WINDOW_S]);
  }
}
