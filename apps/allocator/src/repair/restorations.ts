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
 * Puts sessions back into the log that it lost and that agents serve. Such a session is stored under
 * the key that a new claim for its id would have, so that only one of the two is ever stored.
 */
export class Restorations {
  constructor(
    private readonly deps: RestorationDeps,
    private readonly pool: Pool,
    private readonly writer: SlotWriter,
  ) {}

  /**
   * One try; the agent reports again until the log shows the session.
   *
   * @param seen the slot's last event that the agent went by; one that reports by an earlier event
   *   may speak of a session that is over
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

  /** Whether its requester was, or will be, told of another server, or that the session is over. */
  private isServedElsewhere(id: string, subject: string): boolean {
    const { allocations } = this.pool;
    const holder = allocations.holderOf(id);
    const isHeld = holder !== undefined && statusOf(holder.state) === 'allocated';
    return (isHeld && holder.subject !== subject) || allocations.endOf(id) !== undefined;
  }
}
