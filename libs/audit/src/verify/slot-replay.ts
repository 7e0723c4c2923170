import { Prints } from '#json';
import { errorMessage, type StoredMessage } from '#kernel';
import { endsAllocation, slot, statusOf, type SlotState } from '#slot';
import { slotRecordCodec } from '#wire';
import { nameOf, type FindingKind } from './finding.js';
import {
  headOf,
  keepHead,
  recordedState,
  replay,
  type Head,
  type KeptHead,
  type ReadEvent,
} from './slot-heads.js';
import type { Remark, Replayed } from './replayed.js';

/** Messages in the order of the log, each of them made when it is asked for. */
export interface Messages {
  readonly length: number;
  subjectAt(place: number): string;
  at(place: number): StoredMessage;
}

/**
 * Replays slots, each by itself: an event is read, its checksum compared, it follows the event that its
 * writer had seen, and the machine leads to the state recorded with it. What concerns other slots is
 * told. Several may share the slots of a region.
 *
 * Memory: the last state of each slot.
 */
export class SlotReplay {
  private readonly heads: Map<string, Head>;
  /** Whose documents have this version's checksum, and the first of them. */
  private readonly sources = new Map<string, number>();

  /** @param kept what an earlier replay has come to */
  constructor(kept: readonly KeptHead[] = []) {
    this.heads = new Map(kept.map((head) => [head.subject, headOf(head)]));
  }

  /** All that a later replay needs to go on from here. */
  keep(): KeptHead[] {
    return [...this.heads].map(([subject, head]) => keepHead(subject, head));
  }

  /** Takes the next message of the slots that it replays. */
  take(message: StoredMessage): Replayed {
    const remarks: Remark[] = [];
    const read = this.read(message, remarks);
    const before = this.heads.get(message.subject);
    if (read === null) {
      if (before !== undefined) {
        before.orElse = before.state;
        before.sequence = message.sequence;
      }
      return { at: null, remarks };
    }
    const head = before ?? this.begun(message.subject, remarks);
    follow(head, message, read, remarks);
    head.sequence = message.sequence;
    head.at = read.event.at;
    noteClaim(read, head.state, message, remarks);
    return { at: head.at, remarks };
  }

  /**
   * Takes the next messages, slot by slot: what is known of a slot is then at hand, which saves a
   * quarter of the time. Answers in the order of the messages.
   */
  takeAll(messages: Messages): readonly Replayed[] {
    const bySlot = new Map<string, number[]>();
    for (let place = 0; place < messages.length; place += 1) {
      const subject = messages.subjectAt(place);
      const places = bySlot.get(subject);
      if (places === undefined) bySlot.set(subject, [place]);
      else places.push(place);
    }
    const told: Replayed[] = [];
    told.length = messages.length;
    for (const places of bySlot.values()) {
      for (const place of places) told[place] = this.take(messages.at(place));
    }
    return told;
  }

  private begun(subject: string, remarks: Remark[]): Head {
    const head = {
      ...{ slot: nameOf(subject), sequence: 0, at: 0 },
      ...{ state: slot.initial, orElse: undefined, prints: new Prints() },
    };
    this.heads.set(subject, head);
    remarks.push({ kind: 'slot' });
    return head;
  }

  private read(message: StoredMessage, remarks: Remark[]): ReadEvent | null {
    const { subject, body } = message;
    try {
      const opened = slotRecordCodec.open(subject, body);
      if (opened !== undefined) {
        this.noteSource(opened.source, message.sequence, remarks);
        return opened;
      }
      const { source, event, state } = slotRecordCodec.decode(subject, body);
      const origin = slotRecordCodec.originOf(body);
      if (origin !== undefined) remarks.push({ kind: 'other', source, origin });
      else remarks.push({ kind: 'unsealed', source, event: event.type });
      return { event, state };
    } catch (error) {
      blame(message, null, 'unreadable', `cannot be read: ${errorMessage(error)}`, remarks);
      return null;
    }
  }

  /** Messages that are taken slot by slot are not in the order of the log: an earlier one is told, too. */
  private noteSource(source: string, sequence: number, remarks: Remark[]): void {
    if ((this.sources.get(source) ?? Infinity) <= sequence) return;
    this.sources.set(source, sequence);
    remarks.push({ kind: 'own', source });
  }
}

/** Leads a slot to where it is after the event, and says whether it may be there. */
function follow(head: Head, message: StoredMessage, read: ReadEvent, remarks: Remark[]): void {
  const { state: before, orElse, prints } = head;
  const start = startOf(head, message, read, remarks);
  if (start === null) {
    head.orElse = head.sequence === 0 ? undefined : before;
    head.state = recordedState(read, message);
    return;
  }
  const step = replay(start, read, message, prints);
  head.state = step.state;
  head.orElse = undefined;
  if (step.wrong === null) {
    const backMs = head.at - read.event.at;
    if (backMs <= 0) return;
    head.orElse = orElse;
    const says = `is dated ${backMs} ms before the event it follows`;
    blame(message, read, 'time', says, remarks);
  } else if (orElse !== undefined) {
    // What stands before it is wrong, and has been told: this one is no finding of its own.
    const other = replay(orElse, read, message, prints);
    head.state = other.wrong === null ? other.state : recordedState(read, message);
  } else {
    head.orElse = step.orElse;
    blame(message, read, step.wrong.kind, step.wrong.says, remarks);
  }
}

/** The state before the event; null where nobody can tell. */
function startOf(
  head: Head,
  message: StoredMessage,
  read: ReadEvent,
  remarks: Remark[],
): SlotState | null {
  const { expected, sequence } = message;
  const event = read.event.type;
  if (head.sequence === 0) {
    if (expected === 0 || (expected === null && isBeginning(read, message))) return slot.initial;
    remarks.push({ kind: 'late', expected, event });
    return null;
  }
  if (expected === null || expected === head.sequence) return head.state;
  if (expected > head.sequence && expected < sequence) {
    remarks.push({ kind: 'skipped', expected, event });
  } else {
    const says = `was written to follow ${expected}, and follows ${head.sequence}`;
    blame(message, read, 'order', says, remarks);
  }
  return null;
}

/** Whether it may be a slot's first event. An archive does not keep what its writer expected. */
function isBeginning(read: ReadEvent, message: StoredMessage): boolean {
  return replay(slot.initial, read, message, new Prints()).wrong === null;
}

function noteClaim(
  { event }: ReadEvent,
  state: SlotState,
  { deduplicationId }: StoredMessage,
  remarks: Remark[],
): void {
  if (event.type === 'AllocationRequested') {
    const { allocationId: id, attempt } = event;
    remarks.push({ kind: 'claimed', id, attempt, deduplicationId });
  } else if (endsAllocation(event.type) && statusOf(state) !== 'allocated') {
    const { lastEnd } = state.context;
    if (lastEnd === null) return;
    remarks.push({ kind: 'ended', id: lastEnd.allocationId, outcome: lastEnd.outcome });
  }
}

function blame(
  { subject, sequence }: StoredMessage,
  read: ReadEvent | null,
  kind: FindingKind,
  says: string,
  remarks: Remark[],
): void {
  const event = read?.event.type ?? null;
  remarks.push({ kind: 'wrong', finding: { sequence, slot: nameOf(subject), event, kind, says } });
}
