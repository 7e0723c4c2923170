import type { Clock } from '#kernel';
import { WaitQueue, type Pool, type PoolListener, type SlotHead, type Waiting } from '#pool';

/** A request in its place among all. */
export interface Ticket extends Waiting {
  readonly id: string;
}

/** Why somebody who waited does not any more. */
export type Called =
  /** This slot is held for them. */
  | { readonly kind: 'slot'; readonly pick: SlotHead }
  /** The log tells of their allocation: they should look again. */
  | { readonly kind: 'news' }
  | { readonly kind: 'expired' | 'cancelled' | 'stopping' };

/**
 * Requests that wait for a slot. Whenever one becomes free it is held for the first whom it fits,
 * in the same turn: so as long as anybody waits, no free slot fits them, and no newcomer can
 * overtake.
 */
export class WaitingRoom implements PoolListener {
  private readonly queue = new WaitQueue<Ticket>();
  private readonly waiting = new Map<string, { readonly call: (called: Called) => void }>();
  private places = 0;
  private isClosed = false;

  constructor(
    private readonly clock: Clock,
    private readonly pool: Pool,
    private readonly max: number,
  ) {
    pool.listen(this);
  }

  /** Requests that wait. */
  get size(): number {
    return this.queue.size;
  }

  get isFull(): boolean {
    return this.queue.size >= this.max;
  }

  /** The place of who comes now: behind everybody. */
  nextPlace(): number {
    this.places += 1;
    return this.places;
  }

  /** Enters at once, at the ticket's place; resolves when there is something to tell, by `until`. */
  wait(ticket: Ticket, until: number): Promise<Called> {
    if (this.isClosed) return Promise.resolve({ kind: 'stopping' });
    return new Promise((resolve) => {
      const call = (called: Called) => {
        cancel();
        this.queue.delete(ticket);
        this.waiting.delete(ticket.id);
        resolve(called);
      };
      const expire = () => {
        // Timers and decisions go by different clocks, and the one must not fire before the other.
        const leftMs = until - this.clock.now();
        if (leftMs <= 0) call({ kind: 'expired' });
        else cancel = this.clock.after(leftMs, expire);
      };
      let cancel = this.clock.after(until - this.clock.now(), expire);
      this.queue.add(ticket);
      this.waiting.set(ticket.id, { call });
    });
  }

  /** The pool tells of a slot that can be held; says whether it is now. */
  offered({ subject, state }: SlotHead): boolean {
    const { offer } = state.context;
    if (this.queue.size === 0 || offer === null) return false;
    const first = this.queue.firstFor(offer, subject);
    const pick = first && this.pool.holdSlot(subject);
    if (first === undefined || pick === undefined) return false;
    this.waiting.get(first.id)?.call({ kind: 'slot', pick });
    return true;
  }

  /** The pool tells of slots of which one can be held: who came first of all has it. */
  reopened(heads: readonly SlotHead[]): boolean {
    let first: { readonly ticket: Ticket; readonly head: SlotHead } | undefined;
    for (const head of this.queue.size === 0 ? [] : heads) {
      const { offer } = head.state.context;
      const ticket = offer === null ? undefined : this.queue.firstFor(offer, head.subject);
      if (ticket !== undefined && ticket.place < (first?.ticket.place ?? Infinity)) {
        first = { ticket, head };
      }
    }
    return first !== undefined && this.offered(first.head);
  }

  /** The pool tells that somebody has been given a slot, maybe elsewhere. */
  allocated(id: string): void {
    this.waiting.get(id)?.call({ kind: 'news' });
  }

  /** Says whether somebody of this id was waiting. */
  cancel(id: string): boolean {
    const waiting = this.waiting.get(id);
    waiting?.call({ kind: 'cancelled' });
    return waiting !== undefined;
  }

  /** Sends everybody away, and whoever comes yet. */
  close(): void {
    this.isClosed = true;
    for (const { call } of [...this.waiting.values()]) call({ kind: 'stopping' });
  }
}
