import type { Choice } from '#http-api';
import { compareRanks, standingOf, type Rank, type SlotRequirements, type Standing } from '#pool';
import type { Grounds, SlotEvent } from '#slot';
import { slotName, slotOfSubject } from '#wire';
import { STORED_LATE_MS } from '../past/date-of.js';
import { differing, isSame, RecordedCounts } from './compared.js';
import type { Change, Head, RegionReplay } from './region-replay.js';
import { requirementsOf } from './requirements.js';
import { Tally } from './tally.js';
import { View } from './view.js';

/** So far apart two allocators claim the same slot at the same time (ms). */
const TOGETHER_MS = 1_000;
/** So many slots are named at most. */
const NAMED_MAX = 3;

type Claim = SlotEvent<'AllocationRequested'>;
type Verdict = Pick<Choice, 'verdict' | 'reasons' | 'behind'>;

/** What an allocator may know that the log does not: which slots it was about to claim, and more. */
type Beyond = 'own claims' | 'claims of others' | 'what no log has';

/**
 * Why a claim took its slot: the ranking is computed anew from the slots as they were just before the
 * claim in the log. Where that differs from what was recorded, its allocator had not seen all of the log
 * yet, or was about to claim further slots: the events just before and after tell whether that can be.
 */
export class Question {
  private readonly requirements: SlotRequirements;
  private readonly tally = new Tally();
  private readonly standings = new Map<string, Standing | null>();
  /** The same, of slots whose newest message cannot be read, for who has not seen that yet. */
  private readonly whileReadable = new Map<string, Standing | null>();
  private readonly recent: readonly Change[];
  /** The first event that came later, by the slot's subject. */
  private readonly later = new Map<string, Change>();

  constructor(
    private readonly claim: Claim,
    private readonly change: Change,
    replay: RegionReplay,
  ) {
    this.requirements = requirementsOf(claim);
    this.recent = replay.recent;
    for (const head of replay.heads) {
      const standing = this.standing(head);
      this.tally.count(standing);
      this.standings.set(head.subject, standing);
      if (!head.isUnreadable) continue;
      this.whileReadable.set(head.subject, this.standing({ ...head, isUnreadable: false }));
    }
  }

  /** Takes an event after the claim; returns whether more may be of claims that were under way. */
  take(change: Change): boolean {
    const { subject } = change.after;
    if (!this.later.has(subject)) this.later.set(subject, change);
    return change.at <= this.claim.at + STORED_LATE_MS;
  }

  answer(): Choice {
    const { allocationId, attempt, allocator, at, requestedBy, asked = {}, grounds } = this.claim;
    const recomputed = this.tally.grounds();
    return {
      ...{ allocationId, attempt, at, allocator, askedBy: requestedBy, asked },
      slot: nameOf(this.change.after.subject),
      sequence: this.change.sequence,
      recorded: grounds ?? null,
      recomputed: recomputed ?? null,
      ...this.verdict(grounds, recomputed),
    };
  }

  private verdict(recorded: Grounds | undefined, recomputed: Grounds | undefined): Verdict {
    const unknown = { verdict: 'unknown', behind: null } as const;
    if (recorded === undefined) {
      return { ...unknown, reasons: ['an earlier version chose it, which recorded no grounds'] };
    }
    if ((this.claim.asked?.leftOut ?? 0) > 0) {
      return { ...unknown, reasons: ['the request named more than its claim keeps'] };
    }
    const different = (reason: string): Verdict => {
      return { verdict: 'different', reasons: [reason], behind: null };
    };
    const own = this.standings.get(this.change.after.subject)?.rank;
    if (own == null) return different('the slot was not free just before');
    if (own.process !== recorded.process) {
      return different(`its process was ${own.process}, and ${recorded.process} was recorded`);
    }
    const same: Verdict = { verdict: 'same', reasons: [], behind: null };
    // What there was beside a slot that was named played no part.
    if (this.requirements.slot !== undefined) return same;
    const isBest = this.tally.best !== undefined && compareRanks(own, this.tally.best) === 0;
    if (isBest && recomputed !== undefined && isSame(recorded, recomputed)) return same;
    const reasons = differing(recorded, recomputed);
    const differs = isBest ? reasons : ['a better slot was free', ...reasons];
    return this.explanation(recorded, own, differs);
  }

  private explanation(recorded: Grounds, own: Rank, differs: readonly string[]): Verdict {
    for (const beyond of ['own claims', 'claims of others', 'what no log has'] as const) {
      const found = this.search(new RecordedCounts(recorded, own), beyond);
      if (found === undefined) continue;
      return {
        verdict: 'explained',
        reasons: [...differs, ...found.reasons],
        behind: found.behind,
      };
    }
    return { verdict: 'different', reasons: differs, behind: null };
  }

  /** Goes back, event by event, until what was recorded can have been seen. */
  private search(counts: RecordedCounts, beyond: Beyond) {
    const view = new View();
    for (const [subject, standing] of this.standings) {
      view.allow(subject, counts.categoryOf(standing));
    }
    const more = this.allowBeyond(view, counts, beyond);
    const unseen = new Map<string, Change>();
    for (let back = 0; ; back += 1) {
      if (view.admits(counts.wanted(view.size))) {
        const first = this.recent.at(-back);
        const seen = [...unseen.values()].map((one) => this.tell(one));
        const told = seen.length === 0 ? [] : [`not seen yet, perhaps: ${listed(seen)}`];
        const behind =
          back === 0 || first === undefined
            ? null
            : {
                events: this.change.sequence - first.sequence,
                ms: Math.max(0, this.claim.at - first.at),
              };
        return { reasons: [...told, ...more], behind };
      }
      let change = this.recent.at(-back - 1);
      // Only what concerns slots that fit changes anything.
      while (change !== undefined && !this.goBehind(view, counts, change, unseen)) {
        back += 1;
        change = this.recent.at(-back - 1);
      }
      if (change === undefined) return undefined;
    }
  }

  /** Allows for a slot to be seen as it was before a change; returns whether that is new. */
  private goBehind(
    view: View,
    counts: RecordedCounts,
    change: Change,
    unseen: Map<string, Change>,
  ): boolean {
    const { subject } = change.after;
    // The chosen slot was seen as it was: its claim was compared and set.
    if (subject === this.change.after.subject) return false;
    const isNew = view.allow(subject, counts.categoryOf(this.standing(change.before)));
    if (isNew) unseen.set(subject, change);
    return isNew;
  }

  /** Allows for what the allocator knew and the log does not tell; returns that, for people. */
  private allowBeyond(view: View, counts: RecordedCounts, beyond: Beyond): readonly string[] {
    const underWay = [...this.later.values()].filter((change) => this.isUnderWay(change, beyond));
    for (const { after } of underWay) view.allow(after.subject, 'taken');
    const told = underWay.map((change) => this.tell(change));
    const reasons = told.length === 0 ? [] : [`under way at the time, perhaps: ${listed(told)}`];
    if (beyond !== 'what no log has') return reasons;
    for (const [subject, standing] of this.standings) {
      if (standing === null || subject === this.change.after.subject) continue;
      for (const category of ['lost', 'full']) view.allow(subject, category);
      if (standing.obstacle === 'failing') view.allow(subject, 'withheld');
    }
    for (const [subject, standing] of this.whileReadable) {
      view.allow(subject, counts.categoryOf(standing));
    }
    return [
      ...reasons,
      'agents that it did not hear, pauses after failed starts that it had not ended yet, messages that ' +
        'nobody can read and it had not seen yet, or fleets at their maximum: the log of slots does not tell',
    ];
  }

  /** Whether a later event claims a slot that was being claimed already. */
  private isUnderWay({ event, at, before, after }: Change, beyond: Beyond): boolean {
    if (event.type !== 'AllocationRequested') return false;
    if (after.subject === this.change.after.subject) return false;
    const isOwn = event.allocator === this.claim.allocator && at <= this.claim.at;
    const isTogether = beyond !== 'own claims' && at <= this.claim.at + TOGETHER_MS;
    return (isOwn || isTogether) && this.standing(before)?.rank != null;
  }

  private tell({ after, event, at, source }: Change): string {
    const ms = Math.round(this.claim.at - at);
    const when = ms >= 0 ? `${ms} ms before` : `${-ms} ms later`;
    return `${nameOf(after.subject)} ${event.type}${forWhom(event)}, ${when}, by ${source}`;
  }

  private standing(head: Head | undefined): Standing | null {
    if (head === undefined) return null;
    const standing = standingOf(head.state, this.requirements, this.claim.at);
    if (standing === null || !head.isUnreadable) return standing;
    return { obstacle: 'unreadable', rank: null };
  }
}

function forWhom(event: SlotEvent): string {
  return event.type === 'AllocationRequested' ? ` for ${event.allocationId}` : '';
}

function listed(all: readonly string[]): string {
  const more = all.length > NAMED_MAX ? `; and ${all.length - NAMED_MAX} more` : '';
  return all.slice(0, NAMED_MAX).join('; ') + more;
}

const nameOf = (subject: string) => slotName(slotOfSubject(subject));
