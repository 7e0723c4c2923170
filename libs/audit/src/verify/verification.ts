import type { StoredMessage } from '#kernel';
import { Checksums } from './checksums.js';
import { Claims } from './claims.js';
import { Findings, nameOf } from './finding.js';
import { Gaps } from './gaps.js';
import type { KeptHead } from './slot-heads.js';
import { SlotReplay } from './slot-replay.js';
import type { Remark, Replayed } from './replayed.js';
import type { KeptVerification, VerificationReport } from './verification.schema.js';

/** A message of the log without what is in it. */
export type MessagePlace = Pick<StoredMessage, 'subject' | 'sequence' | 'expected'>;

/**
 * Replays a whole log, message by message, and notes what in it must not be: each event is read and its
 * checksum compared, it follows the event that its writer had seen, the machine allows it and leads to
 * the state recorded with it, time does not go back, and no allocation has two slots.
 *
 * What one slot's history shows is found by `SlotReplay`, here or elsewhere; what all slots show
 * together, in the order of the log, here.
 *
 * Memory: the last state of each slot, the ids with a session, and those that ended within a day.
 */
export class Verification {
  private replay: SlotReplay | undefined;
  private readonly checksums: Checksums;
  private readonly claims: Claims;
  private readonly gaps: Gaps;
  private readonly findings: Findings;
  private readonly counts = { events: 0, first: 0, beginningsGone: 0, unchained: 0 };
  private readonly names = new Map<string, string>();
  private slots: number;
  private readonly last: { sequence: number; at: number };

  /**
   * @param wholeSince from this instant on (epoch ms) no event may be missing; `Infinity`: any may
   * @param kept what an earlier verification came to; this one goes on behind it
   */
  constructor(
    wholeSince: number,
    private readonly kept?: KeptVerification,
  ) {
    this.checksums = kept === undefined ? new Checksums() : Checksums.of(kept.checksums);
    this.claims = new Claims(kept?.claims);
    this.gaps = new Gaps(wholeSince, kept?.gaps);
    this.findings = new Findings(kept?.findings, kept?.unlisted);
    Object.assign(this.counts, kept?.counts);
    this.slots = kept?.heads.length ?? 0;
    this.last = { sequence: 0, at: 0, ...kept?.last };
  }

  /** Sequence of the last message taken; 0 before the first. */
  get sequence(): number {
    return this.last.sequence;
  }

  /** Takes the next message of the log. */
  take(message: StoredMessage): void {
    this.replay ??= new SlotReplay(this.kept?.heads);
    this.note(message, this.replay.take(message));
  }

  /** Takes what the replay of the next message's slot came to. */
  note(message: MessagePlace, { at: recordedAt, remarks }: Replayed): void {
    const { sequence, expected } = message;
    this.counts.events += 1;
    if (this.counts.first === 0) this.counts.first = sequence;
    if (expected === null && recordedAt !== null) this.counts.unchained += 1;
    const at = recordedAt ?? this.last.at;
    if (this.last.sequence > 0) this.gaps.between(this.last, sequence, at);
    this.last.sequence = sequence;
    this.last.at = at;
    for (const remark of remarks) this.heed(remark, message, at);
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
      slots: this.slots,
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

  /**
   * All that a later verification needs to go on from here.
   *
   * @param heads of the slots, where they were replayed elsewhere
   */
  keep(heads: KeptHead[] = this.replay?.keep() ?? [...(this.kept?.heads ?? [])]): KeptVerification {
    return {
      counts: { ...this.counts },
      last: { ...this.last },
      heads,
      claims: [...this.claims.state()],
      checksums: this.checksums.state(),
      gaps: this.gaps.state(),
      findings: [...this.findings.list()],
      unlisted: this.findings.unlisted,
    };
  }

  private heed(remark: Remark, message: MessagePlace, at: number): void {
    const { subject, sequence } = message;
    switch (remark.kind) {
      case 'claimed':
      case 'ended': {
        const says = this.claims.take(remark, this.nameOf(subject), sequence, at);
        return says === null
          ? undefined
          : this.blame(message, 'AllocationRequested', 'claim', says);
      }
      case 'slot':
        this.slots += 1;
        return;
      case 'own':
        return this.checksums.own(remark.source);
      case 'other':
        return this.checksums.other(remark.source, remark.origin, { sequence, subject });
      case 'unsealed': {
        const { source, event } = remark;
        if (!this.checksums.none(source)) return;
        return this.blame(message, event, 'changed', `has no checksum, and ${source} writes one`);
      }
      case 'late':
      case 'skipped':
        return this.miss(remark, message);
      case 'wrong':
        return this.findings.add(remark.finding);
      default:
        return remark satisfies never;
    }
  }

  /** One text for each slot, however many claims name it. */
  private nameOf(subject: string): string {
    let name = this.names.get(subject);
    if (name === undefined) this.names.set(subject, (name = nameOf(subject)));
    return name;
  }

  /** The event that it was written to follow was not read; of a slot's first that may be by right. */
  private miss(
    { kind, expected, event }: Extract<Remark, { kind: 'late' | 'skipped' }>,
    { subject, sequence }: MessagePlace,
  ): void {
    const isUnlawful = expected !== null && this.gaps.take(expected);
    if (expected === null || (kind === 'late' && !isUnlawful)) {
      this.counts.beginningsGone += 1;
      return;
    }
    const says = `is missing: ${event} at ${sequence} was written to follow it`;
    this.findings.add({
      ...{ sequence: expected, slot: nameOf(subject), event: null },
      ...{ kind: 'missing', says },
    });
  }

  private blame(
    { subject, sequence }: MessagePlace,
    event: string,
    kind: 'claim' | 'changed',
    says: string,
  ): void {
    this.findings.add({ sequence, slot: nameOf(subject), event, kind, says });
  }
}
