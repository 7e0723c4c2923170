import { Prints } from '#json';
import { errorMessage, type StoredMessage } from '#kernel';
import { slot, type SlotState } from '#slot';
import { slotRecordCodec } from '#wire';
import { Checksums } from './checksums.js';
import { Claims } from './claims.js';
import { Findings, nameOf, type Finding, type FindingKind } from './finding.js';
import { Gaps } from './gaps.js';
import {
  headOf,
  keepHead,
  recordedState,
  replay,
  type Head,
  type ReadEvent,
} from './slot-heads.js';
import type { KeptVerification, VerificationReport } from './verification.schema.js';

/** What is known of each slot after an event that cannot be read. */
interface Seen {
  readonly message: StoredMessage;
  readonly slot: string;
  readonly before: Head | undefined;
}

/**
 * Replays a whole log, message by message, and notes what in it must not be: each event is read and its
 * checksum compared, it follows the event that its writer had seen, the machine allows it and leads to
 * the state recorded with it, time does not go back, and no allocation has two slots.
 *
 * Memory: the last state of each slot, the ids with a session, and those that ended within a day.
 */
export class Verification {
  private readonly heads: Map<string, Head>;
  private readonly checksums: Checksums;
  private readonly claims: Claims;
  private readonly gaps: Gaps;
  private readonly findings: Findings;
  private readonly counts = { events: 0, first: 0, beginningsGone: 0, unchained: 0 };
  private last: { sequence: number; at: number };

  /**
   * @param wholeSince from this instant on (epoch ms) no event may be missing; `Infinity`: any may
   * @param kept what an earlier verification came to; this one goes on behind it
   */
  constructor(wholeSince: number, kept?: KeptVerification) {
    this.heads = new Map(kept?.heads.map((head) => [head.subject, headOf(head)]));
    this.checksums = kept === undefined ? new Checksums() : Checksums.of(kept.checksums);
    this.claims = new Claims(kept?.claims);
    this.gaps = new Gaps(wholeSince, kept?.gaps);
    this.findings = new Findings(kept?.findings, kept?.unlisted);
    Object.assign(this.counts, kept?.counts);
    this.last = kept?.last ?? { sequence: 0, at: 0 };
  }

  /** Sequence of the last message taken; 0 before the first. */
  get sequence(): number {
    return this.last.sequence;
  }

  /** Takes the next message of the log. */
  take(message: StoredMessage): void {
    const { subject, sequence } = message;
    const before = this.heads.get(subject);
    const seen = { message, slot: before?.slot ?? nameOf(subject), before };
    this.counts.events += 1;
    if (this.counts.first === 0) this.counts.first = sequence;
    const read = this.read(seen);
    const at = read?.event.at ?? this.last.at;
    if (this.last.sequence > 0) this.gaps.between(this.last, sequence, at);
    this.last = { sequence, at };
    if (read !== null) return this.takeEvent(seen, read);
    if (before !== undefined) {
      this.heads.set(subject, { ...before, sequence, orElse: before.state });
    }
  }

  private takeEvent(seen: Seen, read: ReadEvent): void {
    const { message, slot: name } = seen;
    const head = this.follow(seen, read);
    this.heads.set(message.subject, head);
    const where = { slot: name, sequence: message.sequence };
    const wrong = this.claims.take(read.event, head.state, where, message.deduplicationId);
    if (wrong !== null) this.blame(seen, read, 'claim', wrong);
  }

  report(): VerificationReport {
    const { events, first, beginningsGone, unchained } = this.counts;
    const findings = new Findings(this.findings.list(), this.findings.unlisted);
    for (const { sequence, subject } of this.checksums.changed()) {
      const says = 'is not what was written: its checksum fits no version that wrote here';
      findings.add({ sequence, slot: nameOf(subject), event: null, kind: 'changed', says });
    }
    for (const { from, to } of this.gaps.unexplained()) {
      const says = from === to ? 'is missing' : `and all up to ${to} are missing`;
      findings.add({ sequence: from, slot: null, event: null, kind: 'missing', says });
    }
    return {
      events,
      slots: this.heads.size,
      first,
      last: this.last.sequence,
      lastAt: this.last.at,
      beginningsGone,
      missing: this.gaps.missing,
      withoutChecksum: this.checksums.without,
      unchained,
      wrong: findings.count,
      findings: findings.list(),
    };
  }

  /** All that a later verification needs to go on from here. */
  keep(): KeptVerification {
    return {
      counts: { ...this.counts },
      last: this.last,
      heads: [...this.heads].map(([subject, head]) => keepHead(subject, head)),
      claims: [...this.claims.state()],
      checksums: this.checksums.state(),
      gaps: this.gaps.state(),
      findings: [...this.findings.list()],
      unlisted: this.findings.unlisted,
    };
  }

  private read(seen: Seen): ReadEvent | null {
    const { subject, body, sequence } = seen.message;
    try {
      const opened = slotRecordCodec.open(subject, body);
      if (opened !== undefined) {
        this.checksums.own(opened.source);
        const decode = () => slotRecordCodec.decode(subject, body).state;
        return { event: opened.event, stateText: opened.stateText, decode };
      }
      const { source, event, state } = slotRecordCodec.decode(subject, body);
      const read = { event, state };
      const origin = slotRecordCodec.originOf(body);
      if (origin !== undefined) this.checksums.other(source, origin, { sequence, subject });
      else if (this.checksums.none(source)) {
        this.blame(seen, read, 'changed', `has no checksum, and ${source} writes one`);
      }
      return read;
    } catch (error) {
      this.blame(seen, null, 'unreadable', `cannot be read: ${errorMessage(error)}`);
      return null;
    }
  }

  /** Where the slot is after the event, and whether it may be there. */
  private follow(seen: Seen, read: ReadEvent): Head {
    const { before, slot: name } = seen;
    const { at } = read.event;
    const prints = before?.prints ?? new Prints();
    const here = { slot: name, sequence: seen.message.sequence, at, prints };
    const start = this.startOf(seen, read);
    if (start === null) return { ...here, state: recordedState(read), orElse: before?.state };
    const { state, orElse, wrong } = replay(start, read, prints);
    if (wrong === null) {
      const backMs = (before?.at ?? 0) - at;
      const says = `is dated ${backMs} ms before the event it follows`;
      if (backMs <= 0) return { ...here, state };
      this.blame(seen, read, 'time', says);
      return { ...here, state, orElse: before?.orElse };
    }
    if (before?.orElse !== undefined) {
      // What stands before it is wrong, and has been told: this one is no finding of its own.
      const other = replay(before.orElse, read, prints);
      return { ...here, state: other.wrong === null ? other.state : recordedState(read) };
    }
    this.blame(seen, read, wrong.kind, wrong.says);
    return { ...here, state, orElse };
  }

  /** The state before the event; null where nobody can tell. */
  private startOf(seen: Seen, read: ReadEvent): SlotState | null {
    const { message, before } = seen;
    const { expected, sequence } = message;
    if (expected === null) this.counts.unchained += 1;
    if (before === undefined) {
      if (expected === 0 || (expected === null && isBeginning(read))) return slot.initial;
      if (expected !== null && this.gaps.take(expected)) this.miss(seen, read, expected);
      else this.counts.beginningsGone += 1;
      return null;
    }
    if (expected === null || expected === before.sequence) return before.state;
    if (expected > before.sequence && expected < sequence) {
      this.gaps.take(expected);
      this.miss(seen, read, expected);
    } else {
      const says = `was written to follow ${expected}, and follows ${before.sequence}`;
      this.blame(seen, read, 'order', says);
    }
    return null;
  }

  private miss({ slot: name, message }: Seen, { event }: ReadEvent, expected: number): void {
    const says = `is missing: ${event.type} at ${message.sequence} was written to follow it`;
    this.findings.add({ sequence: expected, slot: name, event: null, kind: 'missing', says });
  }

  private blame(seen: Seen, read: ReadEvent | null, kind: FindingKind, says: string): void {
    const { message, slot: name } = seen;
    const event = read?.event.type ?? null;
    const finding: Finding = { sequence: message.sequence, slot: name, event, kind, says };
    this.findings.add(finding);
  }
}

/** Whether it may be a slot's first event. An archive does not keep what its writer expected. */
function isBeginning(read: ReadEvent): boolean {
  return replay(slot.initial, read, new Prints()).wrong === null;
}
