import type { Clock } from '#kernel';
import {
  WaitQueue,
  type Pick,
  type Pool,
  type PoolListener,
  type SlotHead,
  type Waiting,
} from '#pool';

/** A request and its place among all requests. */
export interface Ticket extends Waiting {
  readonly id: string;
}

/** Why a request does not wait any more. */
export type Called =
  /** This slot is held for the request. */
  | { readonly kind: 'slot'; readonly pick: Pick }
  /** The log has an allocation of this id: look again. */
  | { readonly kind: 'news' }
  | { readonly kind: 'expired' | 'cancelled' | 'stopping' };

interface Waiter {
  readonly ticket: Ticket;
  /** Epoch ms. */
  readonly since: number;
  readonly until: number;
  readonly call: (called: Called) => void;
}

/**
 * Requests that wait for a slot. A slot that becomes free is held for the first request that it
 * fits, in the same turn of the event loop. So no free slot fits a waiting request, and no new
 * request can overtake.
 */
export class WaitingRoom implements PoolListener {
  private readonly queue = new WaitQueue<Ticket>();
  private readonly waiting = new Map<string, Waiter>();
  private places = 0;
  private isClosed = false;

  constructor(
    private readonly clock: Clock,
    private readonly pool: Pool,
    private readonly max: number,
  ) {
    pool.listen(this);
  }

  /** Number of waiting requests. */
  get size(): number {
    return this.queue.size;
  }

  /** The first `max` waiting requests. */
  list(max: number) {
    return [...this.waiting.values()].slice(0, max).map(({ ticket, since, until }) => ({
      allocationId: ticket.id,
      fleet: ticket.requirements.fleet ?? null,
      ...{ since, until },
    }));
  }

  get isFull(): boolean {
    return this.queue.size >= this.max;
  }

  /** The place of a new request, behind all others. */
  nextPlace(): number {
    this.places += 1;
    return this.places;
  }

  /** Adds the request at its ticket's place; resolves when it is called, by `until` (epoch ms). */
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
        // Timers and decisions use different clocks; the request must not expire before the log's
        // clock says so.
        const leftMs = until - this.clock.now();
        if (leftMs <= 0) call({ kind: 'expired' });
        else cancel = this.clock.after(leftMs, expire);
      };
      let cancel = this.clock.after(until - this.clock.now(), expire);
      this.queue.add(ticket);
      this.waiting.set(ticket.id, { ticket, since: this.clock.now(), until, call });
    });
  }

  /** The pool offers a slot that can be held; returns whether it is held now. */
  offered({ subject, state }: SlotHead): boolean {
    const { offer } = state.context;
    if (this.queue.size === 0 || offer === null) return false;
    const first = this.queue.firstFor(offer, subject);
    const head = first && this.pool.holdSlot(subject);
    if (first === undefined || head === undefined) return false;
    const grounds = this.pool.groundsOfFreed(head, first.requirements);
    this.waiting.get(first.id)?.call({ kind: 'slot', pick: { head, grounds } });
    return true;
  }

  /** The pool offers slots of which one can be held: the earliest request that fits any gets it. */
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

  /** The pool has found an allocation of this id, maybe made by another allocator. */
  allocated(id: string): void {
    this.waiting.get(id)?.call({ kind: 'news' });
  }

  /** Cancels a waiting request of this id; returns false if none was waiting. */
  cancel(id: string): boolean {
    const waiting = this.waiting.get(id);
    waiting?.call({ kind: 'cancelled' });
    return waiting !== undefined;
  }

  /** Ends all waits, now and in future. */
  close(): void {
    this.isClosed = true;
    for (const { call } of [...this.waiting.values()]) call({ kind: 'stopping' });
  }
}
