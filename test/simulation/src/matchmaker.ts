import { errorMessage, TransientError } from '#kernel';
import { AllocationUncertain, AllocatorAbsent, Refused, type BerthClient } from '#client';
import { allocationRequest } from '#wire';
import { callerOf } from './caller.js';
import type { Told } from './judging/grants.js';
import type { Life } from './life.js';
import { allocateOverHttp } from './over-http.js';
import { REGION, type Asking } from './schedule.js';
import type { World } from './world.js';

/** How much longer than its deadline a client's answer may take (ms): the way of its last try. */
const TRAVEL_MS = 600;

const DEALLOCATE_WITHIN_MS = 10_000;

/** Pause before a request is published again that may not have been stored (ms). */
const PUBLISH_AGAIN_MS = 500;

export type Outcome =
  'allocated' | 'ended' | 'refused' | 'uncertain' | 'cancelled' | 'published' | 'dead';

/** The requester does not want the server any more. */
class Cancelled extends Error {
  override readonly name = 'Cancelled';
}

/**
 * A matchmaker that makes one request, by one of the possible ways, with all retries of that way.
 */
export class Matchmaker {
  private readonly life: Life;
  private readonly client: BerthClient;
  private readonly abort = new AbortController();

  constructor(
    private readonly world: World,
    private readonly asking: Asking,
    index: number,
  ) {
    ({ life: this.life, client: this.client } = callerOf(world, `matchmaker-${index}`));
  }

  /** Asks, and later does what the schedule says. */
  async ask(): Promise<Outcome> {
    const { id, via, waitMs, timeoutMs } = this.asking;
    const patienceMs = waitMs + timeoutMs;
    const { world, life } = this;
    this.doLater();
    let isSettled = false;
    world.timeline.after(patienceMs + TRAVEL_MS, () => {
      if (isSettled || !life.isAlive || via === 'queue') return;
      world.judge.violated('every request is answered or expires', `${id} after ${patienceMs} ms`);
    });
    world.counts.requests += 1;
    world.trace.note(life.name, `asks for ${id}, ${via}`);
    const outcome = await this.outcomeOf(() => this.allocate());
    isSettled = true;
    this.count(outcome);
    world.trace.note(life.name, `is done with ${id}: ${outcome}`);
    return outcome;
  }

  private doLater(): void {
    const { then, afterMs } = this.asking;
    const { world, life } = this;
    if (then === 'deallocate') life.after(afterMs, () => void this.deallocate());
    if (then === 'cancel') life.after(afterMs, () => this.abort.abort(new Cancelled()));
    if (then === 'die') world.timeline.after(afterMs, () => this.die());
  }

  private async allocate(): Promise<Outcome> {
    const { id, via, map, games, waitMs, timeoutMs } = this.asking;
    const { world, life, client } = this;
    const { signal } = this.abort;
    const payload = { id, games };
    const attributes = map === null ? {} : { map };
    const base = { allocationId: id, region: REGION, payload, attributes, waitMs, timeoutMs };
    if (via === 'queue') {
      await this.publish(() => client.publish(base));
      return 'published';
    }
    const request = { ...allocationRequest.parse(base), allocationId: id };
    const told: Told =
      via === 'gateway'
        ? await allocateOverHttp(world, life, request, signal)
        : await client.allocate(request, { signal });
    world.judge.grants.told(id, told);
    return 'allocated';
  }

  private async publish(once: () => Promise<void>): Promise<void> {
    for (;;) {
      try {
        return await once();
      } catch (error) {
        if (!(error instanceof TransientError)) throw error;
        await new Promise<void>((resolve) => void this.life.after(PUBLISH_AGAIN_MS, resolve));
      }
    }
  }

  private count(outcome: Outcome): void {
    const { counts } = this.world;
    if (outcome === 'allocated') counts.allocations += 1;
    else if (outcome === 'uncertain' || outcome === 'cancelled' || outcome === 'published') {
      counts[outcome] += 1;
    } else counts.refusals += 1;
  }

  private async deallocate(): Promise<void> {
    const { id } = this.asking;
    const { judge, counts, trace } = this.world;
    judge.asksForEnd(id);
    trace.note(this.life.name, `gives ${id} back`);
    const request = { allocationId: id, region: REGION, timeoutMs: DEALLOCATE_WITHIN_MS };
    const outcome = await this.outcomeOf(() =>
      this.client.deallocate(request).then(() => {
        judge.grants.toldOfEnd(id);
        return 'ended';
      }),
    );
    if (outcome === 'ended') counts.ends += 1;
    trace.note(this.life.name, `gave ${id} back: ${outcome}`);
  }

  private async outcomeOf(ask: () => Promise<Outcome>): Promise<Outcome> {
    try {
      return await ask();
    } catch (error) {
      this.world.trace.note(this.life.name, errorMessage(error));
      if (error instanceof Refused) {
        if (error.code === 'ended') this.world.judge.grants.toldOfEnd(this.asking.id);
        return error.code === 'ended' ? 'ended' : 'refused';
      }
      if (error instanceof AllocationUncertain || error instanceof AllocatorAbsent) {
        return 'uncertain';
      }
      if (error instanceof Cancelled) return 'cancelled';
      if (!this.life.isAlive) return 'dead';
      throw error;
    }
  }

  private die(): void {
    this.world.trace.note(this.life.name, 'dies');
    this.life.end();
  }
}
