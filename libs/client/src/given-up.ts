import type { Clock } from '#kernel';
import { Refused } from './errors.js';

/** Time between two tries (ms). */
const AGAIN_MS = 1_000;

/** The reason that the slot's history shows. */
const REASON = 'its requester gave up before it was told the server';

/** The allocation to end. */
export interface GivenUp {
  readonly region: string;
  readonly allocationId: string;
  readonly reason: string;
}

/**
 * Ends allocations whose requester gave up without knowing their id, so that nobody else can. The
 * request may still be on its way to an allocator, so an id that is unknown is tried again for as
 * long as the request could be served.
 */
export class GivenUpRequests {
  private readonly underWay = new Set<Promise<void>>();

  constructor(
    private readonly clock: Clock,
    /** Throws `Refused` with `unknown-allocation` if there is none to end. */
    private readonly deallocate: (allocation: GivenUp) => Promise<unknown>,
  ) {}

  /** @param withinMs how long the request may still be served */
  add(region: string, allocationId: string, withinMs: number): void {
    const until = this.clock.now() + withinMs;
    const ending = this.end({ region, allocationId, reason: REASON }, until).catch(() => undefined);
    this.underWay.add(ending);
    void ending.finally(() => this.underWay.delete(ending));
  }

  /** Resolves when none is under way any more. */
  async settled(): Promise<void> {
    await Promise.all(this.underWay);
  }

  private async end(allocation: GivenUp, until: number): Promise<void> {
    for (;;) {
      try {
        await this.deallocate(allocation);
        return;
      } catch (error) {
        const isUnknown = error instanceof Refused && error.code === 'unknown-allocation';
        if (!isUnknown || this.clock.now() + AGAIN_MS > until) return;
      }
      await this.clock.sleep(AGAIN_MS);
    }
  }
}
