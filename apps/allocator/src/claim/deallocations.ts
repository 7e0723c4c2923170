import type { Clock } from '#kernel';
import type { Pool, SlotHead } from '#pool';
import { statusOf } from '#slot';
import { slotName, slotOfSubject, type DeallocationAnswer, type DeallocationRequest } from '#wire';
import { refusedAnswer } from './answers.js';
import type { PoolFeeder } from '../log/pool-feeder.js';
import type { SlotWriter } from '../log/slot-writer.js';

/**
 * Time for the end of an allocation to be recorded (ms); longer than the election of a stream
 * leader.
 */
const DEALLOCATE_WITHIN_MS = 12_000;

/** Ends allocations on request. */
export class Deallocations {
  constructor(
    private readonly clock: Clock,
    private readonly pool: Pool,
    private readonly writer: SlotWriter,
    private readonly follower: PoolFeeder,
  ) {}

  /**
   * Ends an allocation; a repeated request gets the same answer again.
   *
   * @param only subject of the one slot whose allocation may be ended; any if undefined
   */
  async deallocate(request: DeallocationRequest, only?: string): Promise<DeallocationAnswer> {
    const { allocationId, reason, by } = request;
    if (!this.holds(allocationId) && this.pool.allocations.endOf(allocationId) === undefined) {
      const unread = await this.follower.unreadBecause();
      if (unread !== null) return refusedAnswer(allocationId, 'not-ready', unread);
    }
    const holder = this.holds(allocationId);
    const ended = this.pool.allocations.endOf(allocationId);
    const place = holder?.subject ?? ended?.subject;
    if (only !== undefined && place !== undefined && place !== only) {
      return refusedAnswer(
        allocationId,
        'unknown-allocation',
        'no such allocation is of this slot',
      );
    }
    if (holder === undefined) {
      return ended === undefined
        ? refusedAnswer(allocationId, 'unknown-allocation', 'no such allocation is known')
        : this.deallocated(allocationId, ended.subject);
    }
    const { subject } = holder;
    const recording = await this.writer.record(
      subject,
      { type: 'Deallocate', allocationId, reason, by },
      this.clock.now() + DEALLOCATE_WITHIN_MS,
    );
    switch (recording.kind) {
      case 'recorded':
      case 'refused':
        // The slot may have moved on: after a failed callback another slot may serve this id.
        return this.pool.allocations.endOf(allocationId) === undefined
          ? refusedAnswer(
              allocationId,
              'not-ready',
              'the allocation has changed meanwhile; ask again',
            )
          : this.deallocated(allocationId, subject);
      case 'indeterminate':
        return refusedAnswer(allocationId, recording.refusal.code, recording.refusal.message);
      default:
        return recording satisfies never;
    }
  }

  /** The slot that serves the allocation; not one whose callback has failed. */
  private holds(allocationId: string): SlotHead | undefined {
    const holder = this.pool.allocations.holderOf(allocationId);
    return holder !== undefined && statusOf(holder.state) === 'allocated' ? holder : undefined;
  }

  private deallocated(allocationId: string, subject: string): DeallocationAnswer {
    return { status: 'deallocated', allocationId, slot: slotName(slotOfSubject(subject)) };
  }
}
