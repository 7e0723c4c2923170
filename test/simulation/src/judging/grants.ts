import { allocationOf, statusOf, type SlotState } from '#slot';
import { slotName, slotOfSubject, type SlotRecord } from '#wire';
import type { Accuser } from './violation.js';

/** The grant that a requester was told of. */
export interface Told {
  readonly slot: string;
  readonly token: string;
}

/** How long an answer that was given before the log went back can be on its way (ms). */
const ON_ITS_WAY_MS = 10_000;

interface GrantsJudge extends Accuser {
  isServed(told: Told, since: number): boolean;
}

/** Which allocation has which slot: according to the log, and according to requesters' answers. */
export class Grants {
  /** The subjects that hold each allocation. */
  private readonly holders = new Map<string, Set<string>>();
  private readonly acknowledged = new Map<string, Told>();
  private readonly ended = new Set<string>();
  /** What the log showed before it went back. */
  private readonly acknowledgedBefore = new Map<string, Told>();
  private readonly endedBefore = new Set<string>();
  private wentBackAt = -Infinity;

  constructor(
    private readonly judge: GrantsJudge,
    private readonly now: () => number,
  ) {}

  /** Allocations that were granted at any time, according to the log. */
  get granted(): readonly string[] {
    return [...this.acknowledged.keys()];
  }

  /** The log has lost its end; the items that it still has are recorded again. */
  wentBack(): void {
    for (const [id, told] of this.acknowledged) this.acknowledgedBefore.set(id, told);
    for (const id of this.ended) this.endedBefore.add(id);
    this.acknowledged.clear();
    this.ended.clear();
    this.holders.clear();
    this.wentBackAt = this.now();
  }

  /** Whether the log showed the allocation's end before it went back. */
  hadEnded(id: string): boolean {
    return this.endedBefore.has(id);
  }

  /**
   * Whether the session was granted before the log went back, and has not ended since. A session
   * that the log does not show for `patienceMs` may be given up.
   */
  isLost(id: string, token: string, patienceMs: number): boolean {
    const isGranted = this.acknowledgedBefore.get(id)?.token === token;
    const isOver = this.ended.has(id) || this.endedBefore.has(id);
    return isGranted && !isOver && this.now() < this.wentBackAt + patienceMs;
  }

  recorded(subject: string, before: SlotState, { event, state }: SlotRecord): void {
    const held = heldBy(before);
    const holds = heldBy(state);
    if (held !== undefined && held !== holds) this.holders.get(held)?.delete(subject);
    if (held !== undefined && statusOf(state) !== 'allocated') this.ended.add(held);
    if (holds === undefined) return;
    const subjects = this.holders.get(holds) ?? new Set();
    this.holders.set(holds, subjects.add(subject));
    if (subjects.size > 1) {
      this.judge.violated(
        'an allocation holds one slot at most',
        `${holds} holds ${[...subjects].join(' and ')}`,
      );
    }
    const slot = slotName(slotOfSubject(subject));
    if (event.type === 'CallbackAcked') {
      this.acknowledge(holds, { slot, token: event.token });
      this.isKept(holds, { slot, token: event.token });
    }
    if (event.type === 'SessionRestored') {
      this.acknowledge(holds, { slot, token: event.allocation.token ?? '' });
    }
  }

  /** A requester was told that it has a slot. */
  told(id: string, told: Told): void {
    const known = this.acknowledged.get(id);
    if (isSame(known, told)) return;
    if (isSame(this.acknowledgedBefore.get(id), told) && this.mayBeOnItsWay) return;
    this.judge.violated(
      'every answer is in the log',
      `${id}: told ${told.slot} ${told.token}, recorded ${known?.slot} ${known?.token}`,
    );
  }

  /** A requester was told that its allocation is over. */
  toldOfEnd(id: string): void {
    if (this.ended.has(id) || (this.hadEnded(id) && this.mayBeOnItsWay)) return;
    this.judge.violated('every answer is in the log', `${id}: told of an end that is not recorded`);
  }

  private get mayBeOnItsWay(): boolean {
    return this.now() < this.wentBackAt + ON_ITS_WAY_MS;
  }

  private acknowledge(id: string, told: Told): void {
    const known = this.acknowledged.get(id);
    for (const [other, { token }] of this.acknowledged) {
      if (other === id || token !== told.token) continue;
      this.judge.violated('a server has one allocation', `${told.slot}: ${other}, then ${id}`);
    }
    this.acknowledged.set(id, known ?? told);
    if (known === undefined) return;
    const detail = `${id}: ${known.slot}, then ${told.slot}`;
    this.judge.violated('no allocation is granted twice', detail);
  }

  /** A requester whose claim was lost with the log must get the server that serves it. */
  private isKept(id: string, told: Told): void {
    const before = this.acknowledgedBefore.get(id);
    if (before === undefined || isSame(before, told)) return;
    if (this.hadEnded(id) || !this.judge.isServed(before, this.wentBackAt)) return;
    const detail = `${id}: ${told.slot}, and ${before.slot} serves it`;
    this.judge.violated('who asks again is told of the same server', detail);
  }
}

function isSame(known: Told | undefined, { slot, token }: Told): boolean {
  return known?.slot === slot && known.token === token;
}

function heldBy(state: SlotState): string | undefined {
  return statusOf(state) === 'allocated' ? allocationOf(state)?.id : undefined;
}
