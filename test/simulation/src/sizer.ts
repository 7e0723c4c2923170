import { errorMessage, type Bus } from '#kernel';
import { ask } from '#rpc';
import { endpoints } from '#wire';
import { callerOf } from './caller.js';
import type { Life } from './life.js';
import { FLEET, REGION, type FleetSize, type Sizing } from './schedule.js';
import type { World } from './world.js';

/** After this time a size has no more effects (ms). */
const SETTLED_MS = 14_000;
const AGAIN_MS = 1_000;
const TIMEOUT_MS = 5_000;

/** Sizes the fleet, and later withdraws the size. */
export class Sizer {
  private readonly life: Life;
  private readonly bus: Bus;

  constructor(
    private readonly world: World,
    private readonly sizing: Sizing,
    index: number,
  ) {
    ({ life: this.life, bus: this.bus } = callerOf(world, `sizer-${index}`));
  }

  async work(): Promise<void> {
    const { size, forMs } = this.sizing;
    await this.set(size);
    await this.sleep(forMs);
    await this.set(null);
    // The first change may have been recorded after the second.
    await this.sleep(SETTLED_MS);
    while (!(await this.set(null))) await this.sleep(AGAIN_MS);
  }

  /** Whether the fleet now has the size that is wanted. */
  private async set(size: FleetSize | null): Promise<boolean> {
    const { trace, counts } = this.world;
    trace.note(this.life.name, `wants ${JSON.stringify(size)}`);
    try {
      const by = { reason: 'the schedule', by: this.life.name };
      const request = { region: REGION, fleet: FLEET, size, ...by };
      const answer = await ask(this.bus, endpoints.size, { region: REGION }, request, TIMEOUT_MS);
      trace.note(this.life.name, answer.status);
      counts.sized += 1;
      return answer.status === 'sized';
    } catch (error) {
      trace.note(this.life.name, errorMessage(error));
      return false;
    }
  }

  private sleep(ms: number): Promise<void> {
    return new Promise((resolve) => void this.life.after(ms, resolve));
  }
}
