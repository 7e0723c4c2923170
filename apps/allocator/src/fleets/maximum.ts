import type { Pool } from '#pool';
import type { Freshness } from '../log/pool-feeder.js';
import type { SlotWriter } from '../log/slot-writer.js';

/**
 * Whether a claim is within its fleet's maximum. Several allocators may claim at the same instant,
 * each for the last place; the log's order tells whose claim was one too many. No claim is
 * acknowledged before this has been asked, so those that are never go beyond the maximum.
 */
export class Maximum {
  constructor(
    private readonly pool: Pool,
    private readonly writer: SlotWriter,
    private readonly freshness: Pick<Freshness, 'hasRead'>,
  ) {}

  /** Whether the slot has a claim to be judged; no fleet without a maximum has. */
  concerns(subject: string): boolean {
    return this.pool.capacity.claimOf(subject) !== undefined;
  }

  /** Takes a claim back that is one too many. `until`: epoch ms; not known by then: unsure. */
  async judge(subject: string, until: number): Promise<'within' | 'beyond' | 'unsure'> {
    const claim = this.pool.capacity.claimOf(subject);
    if (claim === undefined) return 'within';
    if (!(await this.freshness.hasRead(claim, until))) return 'unsure';
    const fence = this.pool.slots.get(subject)?.state.context.fence ?? 0;
    if (!this.pool.capacity.isBeyondMax(subject)) return 'within';
    const command = { type: 'RefuseClaim', fence, cause: 'fleet-maximum' } as const;
    await this.writer.record(subject, command, until);
    return 'beyond';
  }
}
