import type { Pool } from '#pool';
import type { Freshness } from '../log/pool-feeder.js';
import type { SlotWriter } from '../log/slot-writer.js';

/**
 * Decides whether a claim is within its fleet's maximum. Several allocators may claim the last
 * place at the same instant; the order of the log shows whose claim is one too many. Every claim is
 * checked here before it is acknowledged, so acknowledged sessions never exceed the maximum.
 */
export class Maximum {
  constructor(
    private readonly pool: Pool,
    private readonly writer: SlotWriter,
    private readonly freshness: Pick<Freshness, 'hasRead'>,
  ) {}

  /** Whether the slot has a claim to check; never if its fleet has no maximum. */
  concerns(subject: string): boolean {
    return this.pool.capacity.claimOf(subject) !== undefined;
  }

  /**
   * Takes back a claim that is one too many. `unsure` if it cannot be decided by `until` (epoch
   * ms).
   */
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
