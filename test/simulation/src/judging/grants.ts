import { allocationOf, statusOf, type SlotState } from '#slot';
import { slotName, slotOfSubject, type SlotRecord } from '#wire';
import type { Accuser } from './violation.js';

/** The grant that a requester was told of. */
export interface Told {
  readonly slot: string;
  readonly token: string;
}

/** Which allocation has which slot: according to the log, and according to requesters' answers. */
export class Grants {
  /** The subjects that hold each allocation. */
  private readonly holders = new Map<string, Set<string>>();
  private readonly acknowledged = new Map<string, Told>();
  private readonly ended = new Set<string>();

  constructor(private readonly judge: Accuser) {}

  /** Allocations that were granted at any time. */
  get granted(): readonly string[] {
    return [...this.acknowledged.keys()];
  }

  recorded(subject: string, before: SlotState, { event, state }: SlotRecord): void {
    const held = heldBy(before);
    const holds = heldBy(state);
    if (held !== undefined && held !== holds) this.holders.get(held)?.delete(subject);
    if (held !== undefined && statusOf(state) === 'deallocated') this.ended.add(held);
    if (holds === undefined) return;
    const subjects = this.holders.get(holds) ?? new Set();
    this.holders.set(holds, subjects.add(subject));
    if (subjects.size > 1) {
      this.judge.violated(
        'an allocation holds one slot at most',
        `${holds} holds ${[...subjects].join(' and ')}`,
      );
    }
    if (event.type === 'CallbackAcked') this.acknowledge(holds, subject, event.token);
  }

  /** A requester was told that it has a slot. */
  told(id: string, { slot, token }: Told): void {
    const known = this.acknowledged.get(id);
    if (known?.slot === slot && known.token === token) return;
    this.judge.violated(
      'every answer is in the log',
      `${id}: told ${slot} ${token}, recorded ${known?.slot} ${known?.token}`,
    );
  }

  /** A requester was told that its allocation is over. */
  toldOfEnd(id: string): void {
    if (this.ended.has(id)) return;
    this.judge.violated('every answer is in the log', `${id}: told of an end that is not recorded`);
  }

  private acknowledge(id: string, subject: string, token: string): void {
    const slot = slotName(slotOfSubject(subject));
    const known = this.acknowledged.get(id);
    this.acknowledged.set(id, known ?? { slot, token });
    if (known === undefined) return;
    this.judge.violated('no allocation is granted twice', `${id}: ${known.slot}, then ${slot}`);
  }
}

function heldBy(state: SlotState): string | undefined {
  return statusOf(state) === 'allocated' ? allocationOf(state)?.id : undefined;
}
