import type { LogItem, Recorded } from '#kernel';
import { firstDifference, isOffered, slot, withheldUntil, type SlotState } from '#slot';
import type { SlotRecord } from '#wire';
import { Grants, type Told } from './judging/grants.js';
import { Ends } from './judging/ends.js';
import { Lines } from './judging/lines.js';
import { Maxima } from './judging/maxima.js';
import { Publications } from './judging/publications.js';
import type { Accuser, Violation } from './judging/violation.js';
import type { Schedule } from './schedule.js';
import type { Timeline } from './timeline.js';
import { BEGINNING } from './timeline.js';

/** Checks the log, and the answers to requesters, against the invariants. */
export class Judge implements Accuser {
  /** The first violation found. */
  violation: Violation | undefined;
  readonly grants;
  /** Whether a machine serves what a requester was told, and has been at work since the log went back. */
  isServed: (told: Told, since: number) => boolean = () => false;
  readonly lines = new Lines(this);
  readonly maxima;
  readonly publications;
  private readonly ends;
  private readonly retired = new Set<string>();
  /** Subjects on which somebody wrote what nobody can read, and those where it is the last message. */
  private readonly spoilt = new Set<string>();
  private readonly setAside = new Set<string>();
  private readonly present = new Map<string, SlotState>();
  /** Ids of records that version 0.2.0 wrote, and slots of which one is the last. */
  private readonly ofLast = new Set<string>();
  private readonly lastOfLast = new Set<string>();
  private readonly lastAt = new Map<string, number>();
  private readonly decidedAt = new Map<string, number>();

  constructor(
    private readonly schedule: Schedule,
    private readonly timeline: Timeline,
  ) {
    const now = () => timeline.now();
    this.grants = new Grants(this, now);
    this.maxima = new Maxima(this, now);
    this.publications = new Publications(this, now);
    this.ends = new Ends(
      this,
      (record) => this.decidedAt.get(record) ?? 0,
      (id) => this.grants.hadEnded(id),
    );
  }

  violated(invariant: string, detail: string): void {
    const atMs = this.timeline.now() - BEGINNING;
    this.violation ??= { invariant, detail, atMs };
  }

  /** A process has decided on an event, and is about to append it, perhaps repeatedly. */
  decided(record: string): void {
    if (!this.decidedAt.has(record)) this.decidedAt.set(record, this.timeline.now());
  }

  /** Version 0.2.0 writes this record. */
  writtenByLast(record: string): void {
    this.ofLast.add(record);
  }

  /** A game has accepted a session; from now on the session may be idle. */
  accepted(id: string, place: string): void {
    this.ends.acceptedAt.set(`${id} ${place}`, this.timeline.now());
  }

  /** An append was stored: its writer must have known the event before it. */
  appended(subject: string, expected: number, last: number): void {
    if (expected === last) return;
    this.violated(
      'every append follows the last event of its slot',
      `${subject}: stored after ${last}, expected ${expected}`,
    );
  }

  /** An event was stored. */
  stored(item: LogItem<SlotRecord>): void {
    if (item.kind === 'unreadable') {
      this.setAside.add(item.subject);
      if (this.spoilt.has(item.subject)) return;
      return this.violated('every event can be read', `${item.subject}: ${item.reason}`);
    }
    const { subject, record } = item;
    if (this.setAside.delete(subject) && record.event.type !== 'SlotRepaired') {
      this.violated(
        'only a repair follows what nobody can read',
        `${subject}: ${record.event.type}`,
      );
    }
    const before = this.present.get(subject) ?? slot.initial;
    this.present.set(subject, record.state);
    this.follows(before, item);
    this.isDatedAfter(item);
    this.grants.recorded(subject, before, record);
    this.maxima.recorded(subject, record);
    this.ends.recorded(subject, before, record, this.timeline.now());
  }

  /** The log has lost its end, and this is what it still has. */
  wentBack(kept: readonly LogItem<SlotRecord>[]): void {
    this.present.clear();
    this.setAside.clear();
    this.lastAt.clear();
    this.grants.wentBack();
    this.maxima.wentBack(() => kept.forEach((item) => this.stored(item)));
  }

  /** An agent ends a game that has this session. */
  stops(id: string, token: string): void {
    if (!this.grants.isLost(id, token, this.schedule.setting.limits.idleMs)) return;
    this.violated('a session that the log has lost goes on', `${id} is ended by its agent`);
  }

  /** A game ended, or refused its session, without being asked to end. */
  hadEnough(id: string): void {
    this.ends.byGame.add(id);
  }

  /** The game that was given the session has ended, however that was. */
  isGone(id: string): void {
    this.ends.gone.add(id);
  }

  /** Someone asked for the end of the allocation. */
  asksForEnd(id: string): void {
    this.ends.byRequest.add(id);
  }

  /** An operator ends whatever session the slot has. */
  forces(subject: string): void {
    this.ends.byForce.add(subject);
  }

  /** Somebody writes on the slot's subject what nobody can read. */
  spoils(subject: string): void {
    this.spoilt.add(subject);
  }

  /** Whether the slot's last message is one that nobody can read; of a retired slot nobody needs to. */
  isSetAside(subject: string): boolean {
    return this.setAside.has(subject) && this.present.get(subject)?.value !== 'retired';
  }

  /** An operator wants the slot to be retired. */
  retires(subject: string): void {
    this.retired.add(subject);
  }

  /** Everything has had time to come to rest. */
  atRest(): void {
    const unrest = this.unrest();
    if (unrest !== undefined) this.violated('everything is at rest once things are calm', unrest);
  }

  /** Which slot is not offered, and why; undefined if all slots are. */
  unrest(): string | undefined {
    const { machines, slotsPerMachine } = this.schedule.setting;
    const known = this.present.size;
    if (known !== machines * slotsPerMachine) return `only ${known} slots were ever registered`;
    for (const [subject, state] of this.present) {
      if (this.isSetAside(subject)) return `${subject} is set aside`;
      if (this.retired.has(subject) && state.value === 'retired') continue;
      if (!isOffered(state)) return `${subject} is ${JSON.stringify(state.value)}`;
    }
    const { unanswered } = this.publications;
    return unanswered === 0 ? undefined : `${unanswered} published requests have no result`;
  }

  /** When the last of the slots withheld after failed starts is offered again (epoch ms). */
  get allOfferedAt(): number {
    return Math.max(0, ...[...this.present.values()].map(withheldUntil));
  }

  private isDatedAfter({ subject, record }: Recorded<SlotRecord>): void {
    const { type, at } = record.event;
    const lastAt = this.lastAt.get(subject) ?? 0;
    this.lastAt.set(subject, at);
    if (at >= lastAt) return;
    this.violated(
      'time in the history of a slot never goes back',
      `${subject}: ${type} is dated ${lastAt - at} ms before the event it follows`,
    );
  }

  private follows(before: SlotState, { subject, record }: Recorded<SlotRecord>): void {
    const wasOfLast = this.lastOfLast.delete(subject);
    const isOfLast = this.ofLast.has(record.id);
    if (isOfLast) this.lastOfLast.add(subject);
    const difference = firstDifference([record], before);
    if (difference === undefined) return;
    // Version 0.2.0 keeps no member that is new; what it keeps must be right.
    if ((isOfLast || wasOfLast) && isAlike(difference.replayed, record.state)) return;
    this.violated(
      'replay of every history equals the recorded states',
      `${subject}: ${record.event.type} after ${JSON.stringify(before.value)}`,
    );
  }
}

/** Whether two states say the same of what every version keeps. */
function isAlike(one: SlotState | null, other: SlotState): boolean {
  const told = ({ value, context: { fence, allocation, incarnation } }: SlotState) =>
    JSON.stringify([
      value,
      fence,
      incarnation,
      allocation?.id,
      allocation?.attempt,
      allocation?.token,
    ]);
  return one !== null && told(one) === told(other);
}
