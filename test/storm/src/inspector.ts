import { firstDifference, statusOf, type SlotEvent, type SlotState } from '#slot';
import { slotName, slotOfSubject, type SlotRecord } from '#wire';

/** One message of the log, with what its writer expected. */
export interface StoredEvent {
  readonly subject: string;
  readonly sequence: number;
  /** When nats-server stored it (epoch ms); its writer may have dated it earlier. */
  readonly storedAt: number;
  /** The subject's last sequence as the writer knew it; null if it did not say. */
  readonly expected: number | null;
  readonly deduplicationId: string | null;
  /** Whether it has the checksum that versions after 0.2 write. */
  readonly isSealed: boolean;
  /** Null if the message could not be read. */
  readonly record: SlotRecord | null;
}

/**
 * double: two servers for one id, or two ids on one server; leak: a slot that did not come back;
 * lost: an answer or a request that the log does not confirm; unlawful: an impossible history;
 * stale: an allocator that decided from an old state; ended: a service that gave up by itself;
 * unready: an allocator whose `/readyz` was wrong;
 * different: a choice of a slot that was recorded with grounds which the log contradicts.
 */
export type ViolationKind =
  'double' | 'leak' | 'lost' | 'unlawful' | 'stale' | 'ended' | 'unready' | 'unseen' | 'different';

export interface Violation {
  readonly kind: ViolationKind;
  readonly text: string;
}

/** One claim of one slot for one id, and its outcome. Instants are those of storing, epoch ms. */
export interface Grant {
  readonly slot: string;
  readonly sequence: number;
  readonly attempt: number;
  readonly token: string | null;
  /** The key that the token is encrypted with; missing: it is in clear. */
  readonly tokenKey?: number;
  readonly phase: 'awaiting' | 'live' | 'failed' | 'ended';
  readonly ackedAt: number;
  readonly endedAt: number;
}

/** A token as the log has it. */
interface Secret {
  readonly token: string | null;
  readonly tokenEncrypted?: true;
  readonly payloadKey?: number | undefined;
}

interface Place {
  readonly sequence: number;
  readonly at: number;
  readonly state: SlotState;
  readonly holder: string | null;
  readonly isSealed: boolean;
}

/**
 * Reads the whole log, message by message, and reports violations. It does not rely on the
 * allocators: it replays each history, and works out anew who held which slot.
 */
export class Inspector {
  readonly violations: Violation[] = [];
  readonly grants = new Map<string, readonly Grant[]>();
  private readonly places = new Map<string, Place>();
  private count = 0;

  get events(): number {
    return this.count;
  }

  get slots(): number {
    return this.places.size;
  }

  /** Sequences of all claims. */
  get claims(): readonly number[] {
    return [...this.grants.values()].flatMap((all) => all.map(({ sequence }) => sequence));
  }

  take(stored: StoredEvent): void {
    this.count += 1;
    const { subject, sequence, record } = stored;
    if (record === null) return this.blame('unlawful', `${subject} ${sequence} cannot be read`);
    const before = this.places.get(subject);
    this.checkChain(stored, before);
    // Version 0.2 kept no field that is new, and dated events by clocks that differed.
    const isOurs = stored.isSealed && before?.isSealed !== false;
    if (isOurs) this.checkReplay(stored, record, before);
    if (isOurs) this.checkTime(stored, record, before);
    const holder = this.follow(stored, record.event, before?.holder ?? null);
    const { isSealed } = stored;
    const { event, state } = record;
    this.places.set(subject, { sequence, at: event.at, state, holder, isSealed });
  }

  /** Checks what must be true once everything has come to rest. */
  finish(): void {
    for (const [subject, { state }] of this.places) {
      const status = statusOf(state);
      if (status !== 'allocated' && status !== 'deallocated') continue;
      const where = `${subject} is still ${JSON.stringify(state.value)}`;
      this.blame('leak', `${where} by ${state.context.allocation?.id ?? 'nobody'}`);
    }
    for (const [id, grants] of this.grants) {
      const open = grants.filter(({ phase }) => phase === 'awaiting');
      for (const { slot } of open) this.blame('lost', `the claim of ${slot} by ${id} has no end`);
    }
  }

  private checkChain({ subject, sequence, expected }: StoredEvent, before?: Place): void {
    const last = before?.sequence ?? 0;
    if (expected === last) return;
    const found = `${subject} ${sequence} was to follow ${expected}`;
    this.blame('unlawful', `${found}, and follows ${last}`);
  }

  private checkReplay(
    { subject, sequence }: StoredEvent,
    { event, state }: SlotRecord,
    before?: Place,
  ): void {
    const difference = firstDifference([{ event, state }], before?.state);
    if (difference === undefined) return;
    const what = difference.replayed === null ? 'cannot have happened' : 'led to another state';
    this.blame('unlawful', `${event.type} at ${subject} ${sequence} ${what}`);
  }

  private checkTime(
    { subject, sequence }: StoredEvent,
    { event }: SlotRecord,
    before?: Place,
  ): void {
    const backMs = (before?.at ?? 0) - event.at;
    if (backMs <= 0) return;
    const where = `${event.type} at ${subject} ${sequence}`;
    this.blame('unlawful', `${where} is dated ${backMs} ms before the event it follows`);
  }

  /** Returns who holds the slot after the event. */
  private follow(stored: StoredEvent, event: SlotEvent, holder: string | null): string | null {
    switch (event.type) {
      case 'AllocationRequested':
        if (holder !== null) {
          this.blame(
            'double',
            `${stored.subject} was given to ${event.allocationId} and ${holder}`,
          );
        }
        this.claim(stored, event.allocationId, event.attempt);
        return event.allocationId;
      case 'CallbackAcked':
        this.acknowledge(stored, event, holder);
        return holder;
      case 'CallbackRefused':
      case 'CallbackTimedOut':
        this.amend(holder, { phase: 'failed', endedAt: stored.storedAt });
        return holder;
      case 'ExitedZero':
        this.amend(holder, { phase: 'ended', endedAt: stored.storedAt });
        return event.cleared === undefined ? holder : null;
      case 'Crashed':
      case 'TtlExpired':
      case 'DeallocationRequested':
        if (stored.record !== null && statusOf(stored.record.state) === 'deallocated') {
          this.amend(holder, { phase: 'ended', endedAt: stored.storedAt });
        }
        return holder;
      case 'SessionRestored':
        this.restore(stored, event);
        return event.allocation.id;
      case 'SlotCleared':
        return null;
      case 'SlotRegistered':
      case 'SlotRetired':
      case 'ProcessStarted':
      case 'ProcessStopped':
      case 'WentActive':
      case 'WentIdle':
      case 'CheckFailed':
      case 'DrainRequested':
      case 'DrainWithdrawn':
      case 'MaintenanceRequested':
      case 'MaintenanceEnded':
      case 'WarmthSet':
      case 'ConfigurationAssigned':
      case 'HoldSet':
      case 'SlotRepaired':
      case 'AgentLost':
      case 'AgentReturned':
        return holder;
      default:
        return event satisfies never;
    }
  }

  private claim({ subject, sequence, deduplicationId }: StoredEvent, id: string, attempt: number) {
    const slot = slotName(slotOfSubject(subject));
    const earlier = this.grants.get(id) ?? [];
    const last = earlier.at(-1);
    if (last !== undefined && last.phase !== 'failed') {
      this.blame('double', `${id} was given ${slot} after ${last.slot}, which was ${last.phase}`);
    }
    if (attempt !== earlier.length + 1) {
      this.blame('unlawful', `${id} at ${slot}: attempt ${attempt} after ${earlier.length}`);
    }
    const name = earlier.length === 0 ? id : `${id}.${earlier.length}`;
    if (deduplicationId !== name) {
      this.blame('unlawful', `${id} at ${slot} was stored under the id ${deduplicationId}`);
    }
    const open = { token: null, phase: 'awaiting', ackedAt: Infinity, endedAt: Infinity } as const;
    this.grants.set(id, [...earlier, { slot, sequence, attempt, ...open }]);
  }

  /** A session that the log had lost is back in the log: it was granted before. */
  private restore(
    { subject, sequence, storedAt: ackedAt }: StoredEvent,
    { allocation }: SlotEvent<'SessionRestored'>,
  ): void {
    const { id, attempt } = allocation;
    const slot = slotName(slotOfSubject(subject));
    const earlier = this.grants.get(id) ?? [];
    const last = earlier.at(-1);
    if (last !== undefined && last.phase !== 'failed') {
      this.blame(
        'double',
        `${id} came back at ${slot} after ${last.slot}, which was ${last.phase}`,
      );
    }
    const restored = {
      phase: 'live',
      ackedAt,
      endedAt: Infinity,
      ...secretOf(allocation),
    } as const;
    this.grants.set(id, [...earlier, { slot, sequence, attempt, ...restored }]);
  }

  private acknowledge(
    { storedAt: ackedAt, record }: StoredEvent,
    event: SlotEvent<'CallbackAcked'>,
    holder: string | null,
  ): void {
    const payloadKey = record?.state.context.allocation?.payloadKey;
    this.amend(holder, { phase: 'live', ackedAt, ...secretOf({ ...event, payloadKey }) });
  }

  private amend(id: string | null, change: Partial<Grant>): void {
    const grants = id === null ? undefined : this.grants.get(id);
    const last = grants?.at(-1);
    if (id === null || grants === undefined || last === undefined) return;
    this.grants.set(id, [...grants.slice(0, -1), { ...last, ...change }]);
  }

  private blame(kind: ViolationKind, text: string): void {
    this.violations.push({ kind, text });
  }
}

function secretOf({
  token,
  tokenEncrypted,
  payloadKey,
}: Secret): Pick<Grant, 'token' | 'tokenKey'> {
  return tokenEncrypted && payloadKey !== undefined ? { token, tokenKey: payloadKey } : { token };
}
