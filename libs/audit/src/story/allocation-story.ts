import type { AllocationStory, AttemptStory } from '#http-api';
import type { JsonText } from '#json';
import type { LogItem, Recorded } from '#kernel';
import { UNNAMED, type Allocation, type Asked, type SlotEvent, type SlotState } from '#slot';
import { slotName, slotOfSubject, type RefusalRecord, type SlotRecord } from '#wire';

type Fact = Recorded<SlotRecord>;
type Claim = SlotEvent<'AllocationRequested'>;
type Open = { -readonly [Key in keyof AttemptStory]: AttemptStory[Key] };

/** What requester and game told each other, as the log has it, and how long it was when it was sent. */
interface Payloads {
  readonly request: JsonText;
  readonly answer: JsonText | null;
  readonly requestBytes: number;
  readonly answerBytes: number | null;
}

/**
 * Makes the story of one request from the events that mention its id, in the order of the log, and
 * from its refusal. An id that was used again after its session is told from its last use on.
 */
export class AllocationHistory {
  private attempts: Open[] = [];
  /** The attempt that holds a slot, by the slot's subject. */
  private readonly held = new Map<string, Open>();
  private first: Claim | undefined;
  private requestedBy: string = UNNAMED;
  private payloads: Payloads | undefined;
  private unreadable = 0;

  constructor(
    private readonly id: string,
    private readonly region: string,
  ) {}

  /** Whether the first attempt was seen, so that nothing earlier is missing. */
  get isWhole(): boolean {
    return this.attempts[0]?.attempt === 1;
  }

  take(item: LogItem<SlotRecord>): void {
    if (item.kind === 'unreadable') this.unreadable += 1;
    else this.takeFact(item);
  }

  /** Undefined if nothing is known of the id. */
  story(refusal?: RefusalRecord): AllocationStory | undefined {
    const { first, payloads, attempts } = this;
    const claimedAt = attempts[0]?.claimedAt;
    if (claimedAt === undefined && refusal === undefined) return undefined;
    return {
      allocationId: this.id,
      region: this.region,
      status: statusOf(attempts, refusal),
      askedBy: claimedAt === undefined ? (refusal?.by ?? '') : this.requestedBy,
      askedAt: askedAt(claimedAt, first, refusal),
      asked: first?.asked ?? askedIn(claimedAt === undefined ? refusal : undefined),
      requestBytes: payloads?.requestBytes ?? null,
      answerBytes: payloads?.answerBytes ?? null,
      requestPayload: payloads?.request ?? null,
      payload: payloads?.answer ?? null,
      attempts,
      refusal: refusal === undefined ? null : kept(refusal),
      unreadable: this.unreadable,
    };
  }

  private takeFact(fact: Fact): void {
    const { subject, record } = fact;
    const { event, state } = record;
    const { allocation, lastEnd } = state.context;
    const held = this.held.get(subject);
    if (allocation?.id === this.id) {
      const attempt = held ?? this.begin(fact, allocation);
      this.payloads = payloadsOf(allocation);
      note(attempt, event, allocation);
      noteEnd(attempt, this.id, event, lastEnd);
    } else if (held !== undefined) {
      noteEnd(held, this.id, event, lastEnd);
      if (lastEnd?.allocationId === this.id) held.clearedAt = event.at;
      this.held.delete(subject);
    }
  }

  private begin({ subject, sequence, record }: Fact, allocation: Allocation): Open {
    const { event } = record;
    if (event.type === 'AllocationRequested' && event.attempt === 1) {
      this.attempts = [];
      this.first = event;
    }
    this.requestedBy = allocation.requestedBy;
    const { attempt, allocator, buildConfiguration, version, payloadKey } = allocation;
    const claim = event.type === 'AllocationRequested' ? event : undefined;
    const begun: Open = {
      attempt,
      slot: slotName(slotOfSubject(subject)),
      sequence,
      claimedAt: allocation.requestedAt,
      allocator,
      buildConfiguration,
      version,
      restored: event.type === 'SessionRestored',
      ...(claim?.grounds !== undefined && { grounds: claim.grounds }),
      ...(payloadKey !== undefined && { payloadKey }),
      answeredAt: allocation.acknowledgedAt,
      left: null,
      playersMax: 0,
      crashes: 0,
      clearedAt: null,
    };
    this.attempts.push(begun);
    this.held.set(subject, begun);
    return begun;
  }
}

function note(attempt: Open, event: SlotEvent, allocation: Allocation): void {
  attempt.answeredAt = allocation.acknowledgedAt;
  attempt.crashes = allocation.crashes;
  if (event.type === 'WentActive') {
    attempt.playersMax = Math.max(attempt.playersMax, event.players);
  }
}

function noteEnd(
  attempt: Open,
  id: string,
  event: SlotEvent,
  lastEnd: SlotState['context']['lastEnd'],
): void {
  if (lastEnd?.allocationId !== id || lastEnd.by !== event.type || attempt.left !== null) return;
  attempt.left = {
    by: event.type,
    outcome: lastEnd.outcome,
    reason: lastEnd.reason,
    ...('by' in event && { requestedBy: event.by }),
    ...('lastLine' in event && event.lastLine !== undefined && { lastLine: event.lastLine }),
    at: event.at,
  };
}

function statusOf(
  attempts: readonly AttemptStory[],
  refusal: RefusalRecord | undefined,
): AllocationStory['status'] {
  const last = attempts.at(-1);
  if (last?.left === null) return last.answeredAt === null ? 'pending' : 'allocated';
  if (last?.left?.outcome === 'over') return 'ended';
  return refusal === undefined ? 'unserved' : 'refused';
}

/** A request that waited was made before its first claim. */
function askedAt(
  claimedAt: number | undefined,
  first: Claim | undefined,
  refusal: RefusalRecord | undefined,
): number {
  const claimed = claimedAt === undefined ? Infinity : claimedAt - (first?.grounds?.waitedMs ?? 0);
  return Math.min(claimed, refusal?.askedAt ?? Infinity);
}

function askedIn(refusal: RefusalRecord | undefined): Asked {
  if (refusal === undefined) return {};
  const { fleet, fleets, buildConfiguration, slot, attributes } = refusal;
  return {
    ...(fleet !== null && { fleet }),
    ...(fleets !== undefined && { fleets }),
    ...(buildConfiguration !== null && { buildConfiguration }),
    ...(slot !== undefined && { slot }),
    ...(Object.keys(attributes).length > 0 && { attributes }),
  };
}

function kept({ code, message, refusedAt, allocator, grounds }: RefusalRecord) {
  return { code, message, refusedAt, allocator, ...(grounds !== undefined && { grounds }) };
}

function payloadsOf({ acknowledgedAt, answer, payload, payloadKey }: Allocation): Payloads {
  const isAnswered = acknowledgedAt !== null;
  return {
    request: payload,
    answer: isAnswered ? answer : null,
    requestBytes: bytesOf(payload, payloadKey),
    answerBytes: isAnswered ? bytesOf(answer, payloadKey) : null,
  };
}

/** What a nonce and a tag add to what is encrypted (bytes). */
const ADDED_BYTES = 28;

/** The size of a payload as it was sent: an encrypted one is in base64, in quotes. */
function bytesOf(logged: JsonText, payloadKey: number | undefined): number {
  if (payloadKey === undefined || logged.text === 'null') return logged.bytes;
  const { length } = logged.text.replaceAll(/["=]/g, '');
  return Math.floor((length * 3) / 4) - ADDED_BYTES;
}
