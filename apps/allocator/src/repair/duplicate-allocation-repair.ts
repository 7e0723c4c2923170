import { Condition, errorMessage, type Cancel } from '#kernel';
import type { Pool, DuplicateAllocation } from '#pool';
import { allocationOf, statusOf } from '#slot';
import type { AllocatorPorts } from '../ports.js';
import type { SlotWriter } from '../log/slot-writer.js';

/** How often the pool is asked for allocations that two slots serve (ms). */
const TICK_MS = 1_000;

/** Time for the end of one of the two to be recorded (ms); the next tick tries again. */
const RECORD_WITHIN_MS = 5_000;

/**
 * A safety net: the protocol never gives one allocation two slots. If the log shows it nevertheless
 * (a restored stream, writes by another program), the earlier claim stays, and the later one is
 * deallocated. Every allocator comes to the same verdict, because only the log counts.
 */
export class DuplicateAllocationRepair {
  /** Number of allocations found on two slots since the start; must stay 0. */
  count = 0;
  private readonly found = new Set<string>();
  private isMending = false;
  private cancel: Cancel = () => undefined;
  private readonly failing: Condition;

  constructor(
    private readonly allocator: string,
    private readonly ports: AllocatorPorts,
    private readonly pool: Pool,
    private readonly writer: SlotWriter,
  ) {
    this.failing = new Condition(ports.logger, ports.clock, {
      ...{ begins: 'a duplicate allocation is not repaired yet', ends: 'repair goes on' },
      level: 'error',
    });
  }

  start(): void {
    this.cancel = this.ports.clock.every(TICK_MS, () => void this.mend());
  }

  stop(): void {
    this.cancel();
  }

  /** Never throws. */
  private async mend(): Promise<void> {
    if (this.isMending) return;
    this.isMending = true;
    try {
      for (const twice of [...this.pool.allocations.duplicates]) await this.release(twice);
      this.failing.pass();
    } catch (error) {
      this.failing.fail(errorMessage(error));
    } finally {
      this.isMending = false;
    }
  }

  private async release({ allocationId, subjects }: DuplicateAllocation): Promise<void> {
    const [one, other] = subjects;
    const [ofOne, ofOther] = [
      await this.claimOf(one, allocationId),
      await this.claimOf(other, allocationId),
    ];
    // An allocator that lags behind may know the new slot of an allocation, but not its end on the
    // old one.
    if (ofOne === null || ofOther === null) return;
    this.tell(allocationId, subjects);
    await this.writer.record(
      ofOne < ofOther ? other : one,
      {
        type: 'Deallocate',
        allocationId,
        reason: 'duplicate',
        by: `berth/allocator/${this.allocator}`,
      },
      this.ports.clock.now() + RECORD_WITHIN_MS,
    );
  }

  private tell(allocationId: string, subjects: DuplicateAllocation['subjects']): void {
    const key = JSON.stringify([allocationId, ...subjects]);
    if (this.found.has(key)) return;
    this.found.add(key);
    this.count += 1;
    const doubles = this.count;
    this.ports.logger.error({ allocationId, subjects, doubles }, 'one allocation has two slots');
  }

  /**
   * Sequence of the slot's claim for the allocation; `Infinity` if its history does not contain the
   * claim, null if the slot does not serve the allocation according to the log now.
   */
  private async claimOf(subject: string, allocationId: string): Promise<number | null> {
    let claim = Infinity;
    let isServing = false;
    for await (const item of this.ports.log.read(subject)) {
      if (item.kind !== 'recorded') continue;
      const { event, state } = item.record;
      isServing = statusOf(state) === 'allocated' && allocationOf(state)?.id === allocationId;
      const isClaim = event.type === 'AllocationRequested' && event.allocationId === allocationId;
      const isReturn = event.type === 'SessionRestored' && event.allocation.id === allocationId;
      if (isClaim || isReturn) claim = item.sequence;
    }
    return isServing ? claim : null;
  }
}
