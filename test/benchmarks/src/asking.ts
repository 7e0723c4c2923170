import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Run {
  /** Latencies of the granted requests (ms). */
  readonly latencies: Float64Array;
  readonly errors: number;
  readonly elapsedMs: number;
}

/** Makes one request with its own id; false if it was not granted. */
type Allocate = (id: string) => Promise<boolean>;

/** Keeps a fixed number of requests in flight. */
export async function keepInFlight(
  allocate: Allocate,
  inFlight: number,
  count: number,
): Promise<Run> {
  const tally = new Tally();
  let left = count;
  const ask = async () => {
    while (left > 0) {
      left -= 1;
      await tally.count(allocate, performance.now());
    }
  };
  await Promise.all(Array.from({ length: inFlight }, ask));
  return tally.end();
}

/**
 * Sends requests at fixed instants, whether or not earlier ones have been answered. A latency
 * counts from the instant at which the request was due: a stall shows in every request that had to
 * wait for it.
 */
export async function askAtRate(
  allocate: Allocate,
  perSecond: number,
  count: number,
): Promise<Run> {
  const tally = new Tally();
  const asked: Promise<void>[] = [];
  const began = performance.now();
  for (let index = 0; index < count; index += 1) {
    const due = began + (index * 1_000) / perSecond;
    const early = due - performance.now();
    if (early > 1) await sleep(early);
    asked.push(tally.count(allocate, due));
  }
  await Promise.all(asked);
  return tally.end();
}

class Tally {
  private readonly began = performance.now();
  private readonly latencies: number[] = [];
  private errors = 0;

  async count(allocate: Allocate, since: number): Promise<void> {
    if (await allocate(randomUUID())) this.latencies.push(performance.now() - since);
    else this.errors += 1;
  }

  end(): Run {
    const elapsedMs = performance.now() - this.began;
    return { latencies: Float64Array.from(this.latencies), errors: this.errors, elapsedMs };
  }
}
