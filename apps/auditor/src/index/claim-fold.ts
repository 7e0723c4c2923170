import type { Allocation, SlotEvent, SlotState } from '#slot';
import {
  INDEXED_REASON_MAX,
  slotName,
  slotNamed,
  slotOfSubject,
  slotSubject,
  type IndexedClaim,
  type SlotRecord,
} from '#wire';

const NOTHING: readonly IndexedClaim[] = [];

/**
 * Makes claims of events. It goes by the state that each event led to, so a history whose beginning
 * is gone gives claims as well.
 */
export class ClaimFold {
  /** The claim that each slot serves, by the slot's subject. */
  private readonly open = new Map<string, IndexedClaim>();

  /** @param open the claims that were not over at the last event that was read */
  constructor(open: Iterable<IndexedClaim>) {
    for (const claim of open) {
      const slot = slotNamed(claim.slot);
      if (slot !== undefined) this.open.set(slotSubject(slot), claim);
    }
  }

  /** The claims that are new or changed by an event; at most the one before and the one after. */
  take(subject: string, sequence: number, record?: SlotRecord): readonly IndexedClaim[] {
    if (record === undefined) return NOTHING;
    const allocation = servedIn(record.state);
    const before = this.open.get(subject);
    if (before === undefined && allocation === null) return NOTHING;
    const changed: IndexedClaim[] = [];
    const isSame = before !== undefined && allocation !== null && isOf(before, allocation);
    if (before !== undefined && !isSame) {
      changed.push({ ...before, end: endOf(before, sequence, record) });
      this.open.delete(subject);
    }
    if (allocation === null) return changed;
    const after = isSame
      ? acknowledged(before, allocation)
      : claimed(subject, sequence, record.state, allocation);
    if (after === before) return changed;
    this.open.set(subject, after);
    return [...changed, after];
  }
}

/** The allocation that the slot serves; its state keeps one that is over until it is cleared. */
function servedIn({ value, context }: SlotState): Allocation | null {
  return typeof value === 'object' && 'allocated' in value ? context.allocation : null;
}

function isOf(claim: IndexedClaim, { id, requestedAt }: Allocation): boolean {
  return claim.allocationId === id && claim.requestedAt === requestedAt;
}

function claimed(
  subject: string,
  sequence: number,
  { context }: SlotState,
  allocation: Allocation,
): IndexedClaim {
  const { id, attempt, requestedBy, buildConfiguration, requestedAt, acknowledgedAt } = allocation;
  return {
    ...{ allocationId: id, slot: slotName(slotOfSubject(subject)), sequence, attempt },
    ...{ requestedBy, fleet: context.offer?.fleet ?? '', buildConfiguration },
    ...{ requestedAt, acknowledgedAt, end: null },
  };
}

function acknowledged(claim: IndexedClaim, { acknowledgedAt }: Allocation): IndexedClaim {
  return claim.acknowledgedAt === acknowledgedAt ? claim : { ...claim, acknowledgedAt };
}

function endOf(
  { allocationId }: IndexedClaim,
  sequence: number,
  { event, state }: { readonly event: SlotEvent; readonly state: SlotState },
): NonNullable<IndexedClaim['end']> {
  const { lastEnd } = state.context;
  if (lastEnd?.allocationId !== allocationId) {
    const reason = 'the event that ended it is not in the kept history';
    return { sequence, at: event.at, by: 'unknown', outcome: 'over', reason };
  }
  const { at, by, outcome, reason } = lastEnd;
  return {
    ...{ sequence, at, by, outcome, reason: reason.slice(0, INDEXED_REASON_MAX) },
    ...(event.type === 'DeallocationRequested' && { wantedBy: event.by }),
  };
}
