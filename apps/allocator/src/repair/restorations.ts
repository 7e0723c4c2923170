import type { Clock } from '#kernel';
import type { Pool } from '#pool';
import type { Logger } from '#service-runtime';
import { slot, statusOf, type SlotReport } from '#slot';
import { claimKey } from '../claim/claim-key.js';
import type { SlotWriter } from '../log/slot-writer.js';

interface RestorationDeps {
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Records sessions again that the log has lost and that agents still serve. Such a session is
 * stored under the same de-duplication id as a new claim for its id, so only one of the two is ever
 * stored.
 */
export class Restorations {
  constructor(
    private readonly deps: RestorationDeps,
    private readonly pool: Pool,
    private readonly writer: SlotWriter,
  ) {}

  /**
   * Tries once; the agent reports again until the log shows the session.
   *
   * @param seen sequence of the slot's last event that the agent knew. A report by an earlier event
   * is ignored, since its session may be over
   * @param until epoch ms
   */
  async restore(subject: string, seen: number, report: SlotReport, until: number): Promise<void> {
    const { unlogged: session, process } = report;
    const head = this.pool.slots.get(subject);
    if (session === undefined || head?.sequence !== seen) return;
    const { id } = session.allocation;
    if (this.isServedElsewhere(id, subject)) return;
    const at = this.writer.timeAfter(head);
    const decision = slot.decide(head.state, { type: 'RestoreSession', at, session, process });
    const step = decision.kind === 'accepted' ? decision.steps[0] : undefined;
    if (step === undefined) return;
    const key = claimKey(id, this.pool.allocations.failuresOf(id));
    const { kind } = await this.writer.append(head, step, until, key);
    if (kind !== 'stored') return;
    this.deps.logger.warn({ subject, id }, 'a session that the log had lost is in it again');
  }

  /** Whether the log has the allocation in another slot, or has its end. */
  private isServedElsewhere(id: string, subject: string): boolean {
    const { allocations } = this.pool;
    const holder = allocations.holderOf(id);
    const isHeld = holder !== undefined && statusOf(holder.state) === 'allocated';
    return (isHeld && holder.subject !== subject) || allocations.endOf(id) !== undefined;
  }
}
