import { messageOf } from '#kernel';
import { AllocationUncertain, AllocatorAbsent, Refused, type BerthClient } from '#client';
import type { Json } from '#slot';
import { callerOf } from './caller.js';
import type { Life } from './life.js';
import { REGION, type Asking } from './schedule.js';
import type { World } from './world.js';

/** A client's answer may take this much longer than its deadline (ms): the way of its last try. */
const TRAVEL_MS = 600;

const DEALLOCATE_WITHIN_MS = 10_000;

export type Outcome = 'allocated' | 'ended' | 'refused' | 'uncertain';

/** A matchmaker that asks once, with the real client and all its tries. */
export class Matchmaker {
  private readonly life: Life;
  private readonly client: BerthClient;

  constructor(
    private readonly world: World,
    private readonly asking: Asking,
    index: number,
  ) {
    ({ life: this.life, client: this.client } = callerOf(world, `matchmaker-${index}`));
  }

  /** Asks, and does later what the schedule says. */
  async ask(): Promise<Outcome> {
    const { id, then, afterMs, waitMs, timeoutMs, games } = this.asking;
    const patienceMs = waitMs + timeoutMs;
    const { world, life } = this;
    if (then === 'deallocate') life.after(afterMs, () => void this.deallocate());
    if (then === 'die') world.timeline.after(afterMs, () => this.die());
    let isSettled = false;
    world.timeline.after(patienceMs + TRAVEL_MS, () => {
      if (isSettled || !life.isAlive) return;
      world.judge.violated('every request is answered or expires', `${id} after ${patienceMs} ms`);
    });
    world.counts.requests += 1;
    world.trace.note(life.name, `asks for ${id}`);
    const payload = { id, games } as unknown as Json;
    const outcome = await this.outcomeOf(() =>
      this.client
        .allocate({ allocationId: id, region: REGION, payload, waitMs, timeoutMs })
        .then((told) => {
          world.judge.grants.told(id, told);
          return 'allocated';
        }),
    );
    isSettled = true;
    if (outcome === 'allocated') world.counts.allocations += 1;
    else if (outcome === 'uncertain') world.counts.uncertain += 1;
    else world.counts.refusals += 1;
    world.trace.note(life.name, `is done with ${id}: ${outcome}`);
    return outcome;
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
      this.world.trace.note(this.life.name, messageOf(error));
      if (error instanceof Refused) {
        if (error.code === 'ended') this.world.judge.grants.toldOfEnd(this.asking.id);
        return error.code === 'ended' ? 'ended' : 'refused';
      }
      if (error instanceof AllocationUncertain || error instanceof AllocatorAbsent) {
        return 'uncertain';
      }
      throw error;
    }
  }

  private die(): void {
    this.world.trace.note(this.life.name, 'dies');
    this.life.end();
  }
}
