import type { Pool, Shortage } from '#pool';
import { DEFAULT_PROJECT, allocationOf, isAwaiting, projectOf } from '#slot';
import {
  slotName,
  slotOfSubject,
  type AllocationRequest,
  type RefusalCode,
  type RefusalGrounds,
  type Refused,
} from '#wire';
import type { ClaimAttempt } from './claim-attempt.js';
import { callbackFailed, noneAvailable, timedOut } from './refusals.js';
import type { Ticket } from './waiting-room.js';

/** The most characters of an attempt's reason that a refusal repeats. */
const REASON_LENGTH_MAX = 256;

/** Makes the refusals of requests that are not served, with the reasons that the pool knows. */
export class Shortages {
  constructor(private readonly pool: Pool) {}

  /** The refusal if there is no slot now. `waitedMs` is how long the request has waited for one. */
  none({ id, requirements }: Ticket, request: AllocationRequest, waitedMs: number): Refused {
    const { allocations, capacity } = this.pool;
    const full = capacity.fullFor(requirements);
    const found = this.pool.shortage(requirements);
    // If no slot of the fleets is known, nothing is known about the conditions either.
    const shortage = this.isKnown(request) ? found : { ...found, excludedBy: [] };
    const code = full === undefined ? codeOf(shortage) : 'fleet-maximum';
    const until =
      shortage.passedOver.withheld === undefined ? null : this.pool.withheldFor(requirements).until;
    const refused = noneAvailable(id, request, code, {
      failures: allocations.serverFailuresOf(id),
      lastFailure: allocations.lastFailureOf(id),
      waitedMs,
      full,
      until,
      shortage,
    });
    return withGrounds(refused, { ...groundsOf(shortage), ...this.tried(id) });
  }

  callbackFailed(id: string, attempts: number): Refused {
    const refused = callbackFailed(id, attempts, this.pool.allocations.lastFailureOf(id));
    return withGrounds(refused, this.tried(id));
  }

  timedOut({ id, unsettled }: Pick<ClaimAttempt, 'id' | 'unsettled'>): Refused {
    const last =
      unsettled === undefined
        ? this.pool.allocations.lastFailureOf(id)
        : `the log has not said whether ${slotName(slotOfSubject(unsettled))} was claimed`;
    const refused = timedOut(id, last);
    return withGrounds(refused, this.tried(id));
  }

  /** Whether any slot of its fleets was seen: otherwise nothing is known of what they offer. */
  private isKnown({ fleet, fleets, allocationId = '' }: AllocationRequest): boolean {
    const { slots } = this.pool;
    const isOthers = projectOf(allocationId) !== DEFAULT_PROJECT;
    if (isOthers || (fleet === undefined && fleets === undefined)) return slots.size > 0;
    return [...(fleets ?? []), fleet ?? ''].some((name) => slots.hasFleet(name));
  }

  /** The slots that were tried, and the one that is being tried. */
  private tried(id: string): RefusalGrounds {
    const { allocations } = this.pool;
    const tried = allocations.triedFor(id).map(({ attempt, subject, by, reason, at }) => ({
      attempt,
      slot: slotName(slotOfSubject(subject)),
      by,
      reason: reason.slice(0, REASON_LENGTH_MAX),
      at,
    }));
    const holder = allocations.holderOf(id);
    const allocation = holder && isAwaiting(holder.state) ? allocationOf(holder.state) : null;
    if (holder !== undefined && allocation !== null) {
      const { attempt, requestedAt: at } = allocation;
      const reason = 'its callback is not answered yet';
      tried.push({
        attempt,
        slot: slotName(slotOfSubject(holder.subject)),
        by: 'pending',
        reason,
        at,
      });
    }
    return tried.length > 0 ? { tried } : {};
  }
}

/** The code says what would help: to wait, or to remove the obstacle of most of the slots. */
function codeOf({ passedOver, isPartial, excludedBy }: Shortage): RefusalCode {
  if (excludedBy.length > 0) return 'nothing-fits';
  const { taken = 0, clearing = 0, lost = 0, withheld = 0 } = passedOver;
  const outOfService = (passedOver.drained ?? 0) + (passedOver.maintenance ?? 0);
  const most = Math.max(lost, withheld, outOfService);
  if (isPartial || taken + clearing > 0 || most === 0) return 'none-available';
  if (lost === most) return 'agents-lost';
  return withheld === most ? 'games-failing' : 'out-of-service';
}

function groundsOf({ passedOver, isPartial, excludedBy }: Shortage): RefusalGrounds {
  return {
    ...(Object.keys(passedOver).length > 0 && { passedOver }),
    ...(isPartial && { atLeast: true }),
    ...(excludedBy.length > 0 && { excludedBy: [...excludedBy] }),
  };
}

function withGrounds(refused: Refused, grounds: RefusalGrounds): Refused {
  return Object.keys(grounds).length > 0 ? { ...refused, grounds } : refused;
}
