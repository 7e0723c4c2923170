import type { AllocationEnd } from '#slot';
import type { ClaimRemark } from './replayed.js';

/** How long the end of an id is kept at least, which may then be used again (ADR 6), in ms. */
const REMEMBERED_MS = 24 * 3_600_000;
/** Ids whose session is over; the earliest are forgotten first. */
const REMEMBERED_MAX = 500_000;

/** What became of an id's last claim. */
export interface Claim {
  readonly slot: string;
  readonly sequence: number;
  readonly attempt: number;
  readonly outcome: AllocationEnd['outcome'] | 'open';
  /** When it was claimed, or ended (epoch ms). */
  readonly at: number;
}

/**
 * Which allocation id has which slot, across all slots: the one promise that no slot's own history can
 * show. Memory is bounded by the slots there are, and by a number of ids that have ended.
 */
export class Claims {
  private readonly open = new Map<string, Claim>();
  /** In the order in which they ended. */
  private readonly ended = new Map<string, Claim>();

  constructor(known: readonly (readonly [string, Claim])[] = []) {
    for (const [id, claim] of known) this.put(id, claim);
  }

  /** What is wrong with it as a claim, recorded at an instant (epoch ms); null: nothing. */
  take(remark: ClaimRemark, slot: string, sequence: number, at: number): string | null {
    const { id } = remark;
    if (remark.kind === 'claimed') return this.claim(remark, { slot, sequence, at });
    const claim = this.open.get(id);
    if (claim?.slot !== slot) return null;
    this.put(id, { ...claim, outcome: remark.outcome, at });
    this.forget(at);
    return null;
  }

  state(): readonly (readonly [string, Claim])[] {
    return [...this.ended, ...this.open];
  }

  private claim(
    { id, attempt, deduplicationId }: Extract<ClaimRemark, { kind: 'claimed' }>,
    { slot, sequence, at }: Pick<Claim, 'slot' | 'sequence' | 'at'>,
  ): string | null {
    const before = this.open.get(id) ?? this.ended.get(id);
    this.put(id, { slot, sequence, attempt, outcome: 'open', at });
    const name = attempt === 1 ? id : `${id}.${attempt - 1}`;
    if (deduplicationId !== null && deduplicationId !== name) {
      return `${id}, attempt ${attempt}, was stored under the id ${deduplicationId}`;
    }
    if (before === undefined || at - before.at >= REMEMBERED_MS) return null;
    const last = `${before.slot} (${before.sequence})`;
    if (before.outcome === 'open') return `${id} has ${last} already`;
    if (before.outcome === 'over')
      return `${id} was given a slot again: its session was on ${last}`;
    return attempt === before.attempt + 1
      ? null
      : `${id}: attempt ${attempt} follows attempt ${before.attempt} on ${last}`;
  }

  private put(id: string, claim: Claim): void {
    this.open.delete(id);
    this.ended.delete(id);
    (claim.outcome === 'open' ? this.open : this.ended).set(id, claim);
  }

  private forget(now: number): void {
    for (const [id, { at }] of this.ended) {
      if (now - at < REMEMBERED_MS && this.ended.size <= REMEMBERED_MAX) return;
      this.ended.delete(id);
    }
  }
}
