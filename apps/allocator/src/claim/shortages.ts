import type { Pool } from '#pool';
import type { AllocationRequest, Refused } from '#wire';
import { noneAvailable } from './refusals.js';
import type { Ticket } from './waiting-room.js';

/** Says why a request is given no slot. */
export class Shortages {
  constructor(private readonly pool: Pool) {}

  /** `waitedMs`: how long it has waited for one. */
  refusal({ id, requirements }: Ticket, request: AllocationRequest, waitedMs: number): Refused {
    const { allocations, capacity } = this.pool;
    return noneAvailable(id, request, {
      failures: allocations.serverFailuresOf(id),
      lastFailure: allocations.lastFailureOf(id),
      waitedMs,
      full: capacity.fullFor(requirements),
      failing: this.pool.withheldFor(requirements),
    });
  }
}
