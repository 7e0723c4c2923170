import type { SlotRequirements } from '#pool';
import type { Offer, SlotEvent } from '#slot';
import type { SlotRecord } from '#wire';
import { requirementsOf } from '../choice/requirements.js';

/** One request as it was recorded, and for how long it had its slot. */
export interface Wish {
  readonly id: string;
  /** When it was made (epoch ms): before it waited, and before slots that failed it. */
  readonly at: number;
  /** From its last claim until its slot was cleared. */
  readonly heldMs: number;
  readonly requirements: SlotRequirements;
  /** The fleet that served it. */
  readonly fleet: string;
}

/** What a recorded span of time asked of a region, and what there was to serve it. */
export interface Demand {
  /** In the order in which they were made. */
  readonly wishes: readonly Wish[];
  /** The slots that were there, by subject. */
  readonly offers: ReadonlyMap<string, Offer>;
  /** Epoch ms of the first and the last event. */
  readonly from: number;
  readonly to: number;
  /** Sessions that had not ended when the record ends: they are taken to end there. */
  readonly unended: number;
  /** How many of the recorded requests had waited for a slot. */
  readonly waited: number;
}

interface Draft {
  /** The slot that it was given last. */
  subject: string;
  readonly at: number;
  readonly requirements: SlotRequirements;
  claimedAt: number;
  fleet: string;
  freedAt: number | null;
  readonly waitedMs: number;
}

/** Reads the demand out of recorded events. Requests that were refused are not among these. */
export class DemandReader {
  private readonly drafts = new Map<string, Draft>();
  private readonly offers = new Map<string, Offer>();
  /** Which request has which slot. */
  private readonly holders = new Map<string, string>();
  private from = Infinity;
  private to = -Infinity;

  take(subject: string, { event, state }: SlotRecord): void {
    const { offer, allocation } = state.context;
    this.from = Math.min(this.from, event.at);
    this.to = Math.max(this.to, event.at);
    if (offer !== null) this.offers.set(subject, offer);
    if (event.type === 'AllocationRequested') this.claim(subject, event, offer?.fleet ?? '');
    if (allocation !== null) return;
    const draft = this.drafts.get(this.holders.get(subject) ?? '');
    // A slot that failed it is cleared after the next one was claimed.
    if (draft?.subject === subject) draft.freedAt = event.at;
    this.holders.delete(subject);
  }

  demand(): Demand {
    const drafts = [...this.drafts];
    return {
      wishes: drafts
        .map(([id, { at, claimedAt, freedAt, requirements, fleet }]) => {
          return { id, at, heldMs: (freedAt ?? this.to) - claimedAt, requirements, fleet };
        })
        .sort((one, other) => one.at - other.at),
      offers: this.offers,
      from: this.from,
      to: this.to,
      unended: drafts.filter(([, { freedAt }]) => freedAt === null).length,
      waited: drafts.filter(([, { waitedMs }]) => waitedMs > 0).length,
    };
  }

  private claim(subject: string, event: SlotEvent<'AllocationRequested'>, fleet: string): void {
    const { allocationId: id, at, attempt, grounds } = event;
    const before = this.drafts.get(id);
    this.holders.set(subject, id);
    if (before !== undefined && attempt > 1) {
      Object.assign(before, { subject, claimedAt: at, fleet, freedAt: null });
      return;
    }
    const waitedMs = grounds?.waitedMs ?? 0;
    this.drafts.set(id, {
      subject,
      at: at - waitedMs,
      requirements: requirementsOf(event),
      claimedAt: at,
      fleet,
      freedAt: null,
      waitedMs,
    });
  }
}
