import type { Choice } from '#http-api';
import { compareRanks, standingOf, type SlotRequirements, type Standing } from '#pool';
import type { Grounds, SlotEvent } from '#slot';
import { slotName, slotOfSubject } from '#wire';
import { STORED_LATE_MS } from '../past/date-of.js';
import { differing, isSame, RecordedCounts } from './compared.js';
import { KEPT_MAX, type Change, type Head, type RegionReplay } from './region-replay.js';
import { requirementsOf } from './requirements.js';
import { Sight } from './sight.js';
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
 * Why a claim took its slot: the ranking is computed anew from the slots as its allocator had read them,
 * or, if it did not say how far it had read, as they were just before the claim in the log. Where that
 * differs from what was recorded, the events just before and after tell whether both can be.
 */
export class Question {
  private readonly requirements: SlotRequirements;
  private readonly sight: Sight;
  /** How the slots stood to its allocator, by subject. */
  private readonly standings: ReadonlyMap<string, Standing | null>;
  private readonly tally = new Tally();
  /** Why it cannot be compared; null: it can. */
  private readonly unknown: string | null;
  /** The first event that came later, by the slot's subject. */
  private readonly later = new Map<string, Change>();

  constructor(
    private readonly claim: Claim,
    private readonly change: Change,
    replay: RegionReplay,
  ) {
    this.requirements = requirementsOf(claim);
    this.sight = new Sight(change, claim.grounds ?? {}, replay);
    this.standings = new Map(
      [...this.sight.heads].map(([subject, head]) => [subject, this.standing(head)]),
    );
    for (const standing of this.standings.values()) this.tally.count(standing);
    this.unknown = whyUnknown(claim, replay);
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
      ...(grounds === undefined || this.unknown !== null
        ? { verdict: 'unknown', reasons: [this.unknown ?? ''], behind: null }
        : this.verdict(grounds, recomputed)),
    };
  }

  private verdict(recorded: Grounds, recomputed: Grounds | undefined): Verdict {
    const different = (...reasons: readonly string[]): Verdict => {
      return { verdict: 'different', reasons, behind: this.behind };
    };
    const own = this.standings.get(this.change.after.subject)?.rank;
    if (own == null) return different('the slot was not free just before');
    if (own.process !== recorded.process) {
      return different(`its process was ${own.process}, and ${recorded.process} was recorded`);
    }
    const same: Verdict = { verdict: 'same', reasons: [], behind: this.behind };
    // What there was beside a slot that was named played no part.
    if (this.requirements.slot !== undefined) return same;
    const { best } = this.tally;
    const isBest = best !== undefined && compareRanks(own, best) === 0;
    if (isBest && recomputed !== undefined && isSame(recorded, recomputed)) return same;
    const counts = new RecordedCounts(recorded, own);
    const { held = 0 } = recorded;
    const wasHeld = `${held} of those without a session were promised to other requests, which the log shows later or never`;
    if (held > 0 && this.viewOf(counts).admits(counts.wanted(this.standings.size))) {
      return { ...same, reasons: [wasHeld] };
    }
    const reasons = [
      ...(isBest ? [] : ['a better slot was free']),
      ...differing(recorded, recomputed),
      ...(held > 0 ? [wasHeld] : []),
    ];
    for (const beyond of ['own claims', 'claims of others', 'what no log has'] as const) {
      const found = this.search(counts, beyond);
      if (found === undefined) continue;
      const { behind } = found;
      return { verdict: 'explained', reasons: [...reasons, ...found.reasons], behind };
    }
    return different(...reasons);
  }

  /** How far its allocator was behind the log, by its own word; null: it was not, or did not say. */
  private get behind(): Choice['behind'] {
    const { readTo } = this.claim.grounds ?? {};
    const { lastRead } = this.sight;
    if (readTo === undefined || lastRead === undefined) return null;
    const events = this.change.sequence - 1 - readTo;
    return events <= 0 ? null : { events, ms: this.msBefore(lastRead) };
  }

  /** What the allocator had seen; any slot without a session may be one that it was about to claim. */
  private viewOf(counts: RecordedCounts): View {
    const view = new View();
    for (const [subject, standing] of this.standings) this.allow(view, counts, subject, standing);
    return view;
  }

  /** Allows for a slot to be seen so, or to be held; returns whether that is new. */
  private allow(
    view: View,
    counts: RecordedCounts,
    subject: string,
    standing: Standing | null,
  ): boolean {
    const isNew = view.allow(subject, counts.categoryOf(standing));
    const isOther = subject !== this.change.after.subject;
    return (isOther && mayBeHeld(standing) && view.allow(subject, 'held')) || isNew;
  }

  /** Allows for one more event to have been seen, or not, until what was recorded is possible. */
  private search(
    counts: RecordedCounts,
    beyond: Beyond,
  ): Pick<Verdict, 'reasons' | 'behind'> | undefined {
    const isTold = this.claim.grounds?.readTo !== undefined;
    const view = this.viewOf(counts);
    const more = this.allowBeyond(view, counts, beyond);
    const unsure = new Map<string, Change>();
    let { behind } = this;
    const isPossible = () => view.admits(counts.wanted(view.size));
    let isFound = isPossible();
    for (const { change, head } of this.sight.unsure) {
      if (isFound) break;
      const { subject } = change.after;
      // Only what concerns slots that fit changes anything.
      if (!this.allow(view, counts, subject, this.standing(head))) continue;
      unsure.set(subject, change);
      if (!isTold) {
        behind = { events: this.change.sequence - change.sequence, ms: this.msBefore(change) };
      }
      isFound = isPossible();
    }
    if (!isFound) return undefined;
    const told = listed([...unsure.values()].map((one) => this.tell(one)));
    const word = isTold ? 'seen already, or not yet, perhaps' : 'not seen yet, perhaps';
    return { reasons: [...(told === '' ? [] : [`${word}: ${told}`]), ...more], behind };
  }

  /** Allows for what the allocator knew and the log does not tell; returns that, for people. */
  private allowBeyond(view: View, counts: RecordedCounts, beyond: Beyond): readonly string[] {
    const underWay = [...this.later.values()].filter((change) => this.isUnderWay(change, beyond));
    for (const { after } of underWay) view.allow(after.subject, 'taken');
    const told = listed(underWay.map((change) => this.tell(change)));
    const reasons = told === '' ? [] : [`under way at the time, perhaps: ${told}`];
    if (beyond !== 'what no log has') return reasons;
    for (const [subject, standing] of this.standings) {
      if (standing === null || subject === this.change.after.subject) continue;
      for (const category of ['lost', 'full']) view.allow(subject, category);
      if (standing.obstacle === 'failing') view.allow(subject, 'withheld');
      const head = this.sight.heads.get(subject);
      if (head?.isUnreadable !== true) continue;
      view.allow(subject, counts.categoryOf(this.standing({ ...head, isUnreadable: false })));
    }
    return [
      ...reasons,
      'agents that it did not hear, pauses after failed starts that it had not ended yet, messages that ' +
        'nobody can read and it had not seen yet, or fleets at their maximum: the log of slots does not tell',
    ];
  }

  /** Whether a later event claims a slot that was being claimed already, of which its record says nothing. */
  private isUnderWay(change: Change, beyond: Beyond): boolean {
    const { event, at, before, after } = change;
    if (!isClaim(change) || this.claim.grounds?.readTo !== undefined) return false;
    if (after.subject === this.change.after.subject) return false;
    const { allocator } = event as Claim;
    const isOwn = allocator === this.claim.allocator && at <= this.claim.at;
    const isTogether = beyond !== 'own claims' && at <= this.claim.at + TOGETHER_MS;
    return (isOwn || isTogether) && this.standing(before)?.rank != null;
  }

  private tell(change: Change): string {
    const { after, event, at, source } = change;
    const ms = Math.round(this.claim.at - at);
    const when = ms >= 0 ? `${ms} ms before` : `${-ms} ms later`;
    return `${nameOf(after.subject)} ${event.type}${forWhom(event)}, ${when}, by ${source}`;
  }

  private msBefore({ at }: Change): number {
    return Math.max(0, this.claim.at - at);
  }

  private standing(head: Head | undefined): Standing | null {
    if (head === undefined) return null;
    const standing = standingOf(head.state, this.requirements, this.claim.at);
    if (standing === null || !head.isUnreadable) return standing;
    return { obstacle: 'unreadable', rank: null };
  }
}

/** Why a choice cannot be compared; null: it can. */
function whyUnknown({ asked, grounds }: Claim, { recent }: RegionReplay): string | null {
  if (grounds === undefined) return 'an earlier version chose it, which recorded no grounds';
  if ((asked?.leftOut ?? 0) > 0) return 'the request named more than its claim keeps';
  if (grounds.atLeast === true) return 'there were more offers than its allocator counts';
  const [first] = recent.length < KEPT_MAX ? [] : recent;
  if (first === undefined || (grounds.readTo ?? Infinity) >= first.sequence - 1) return null;
  return `its allocator was more than ${KEPT_MAX} events behind`;
}

/** A slot that is held stays so when a pause after failed starts begins, until its claim is refused. */
function mayBeHeld(standing: Standing | null): boolean {
  return standing !== null && (standing.rank !== null || standing.obstacle === 'withheld');
}

const isClaim = ({ event }: Change) => event.type === 'AllocationRequested';

function forWhom(event: SlotEvent): string {
  return event.type === 'AllocationRequested' ? ` for ${event.allocationId}` : '';
}

function listed(all: readonly string[]): string {
  const more = all.length > NAMED_MAX ? `; and ${all.length - NAMED_MAX} more` : '';
  return all.slice(0, NAMED_MAX).join('; ') + more;
}

const nameOf = (subject: string) => slotName(slotOfSubject(subject));
