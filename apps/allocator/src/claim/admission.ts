import type { Cancel, Clock } from '#kernel';
import type { AllocationAnswer, AllocationRequest } from '#wire';
import type { Claims } from './claims.js';
import { cancelled, stopping, tooBusy } from './refusals.js';

/** How long a request waits to be begun before it is refused (ms). */
const WAIT_MS = 1_000;

/** How many requests wait to be begun; one more is refused at once. */
const WAITING_MAX = 10_000;

/** How often it is looked whether there is room (ms). */
const LOOK_MS = 5;

interface Waiting {
  readonly request: AllocationRequest;
  /** Epoch ms. */
  readonly since: number;
  readonly resolve: (answer: AllocationAnswer | Promise<AllocationAnswer>) => void;
}

/**
 * Begins requests for servers in their order, as fast as the log and this process keep up. Under
 * more load, those that have waited for 1 s are refused, so that the others are served in time.
 */
export class Admission implements Pick<Claims, 'allocate' | 'cancel'> {
  private readonly line = new Set<Waiting>();
  private stopLooking: Cancel | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly claims: Pick<Claims, 'allocate' | 'cancel'>,
    /** How many requests may be begun now. */
    private readonly room: () => number,
  ) {}

  /** Never throws. */
  allocate(request: AllocationRequest): Promise<AllocationAnswer> {
    if (this.line.size === 0 && this.room() > 0) return this.claims.allocate(request);
    return new Promise((resolve) => {
      if (this.line.size >= WAITING_MAX) return resolve(tooBusy(request.allocationId));
      this.line.add({ request, since: this.clock.now(), resolve });
      this.stopLooking ??= this.clock.every(LOOK_MS, () => this.advance());
    });
  }

  /** Cancels a waiting request of this id; returns false if none was waiting. */
  cancel(allocationId: string): boolean {
    const found = [...this.line].filter(({ request }) => request.allocationId === allocationId);
    for (const waiting of found) this.end(waiting, cancelled(allocationId));
    return this.claims.cancel(allocationId) || found.length > 0;
  }

  /** Refuses all that wait. */
  close(): void {
    for (const waiting of this.line) this.end(waiting, stopping(waiting.request.allocationId));
  }

  private advance(): void {
    let room = this.room();
    for (const waiting of this.line) {
      const { request, since } = waiting;
      const waitedMs = this.clock.now() - since;
      const timeoutMs = request.timeoutMs - waitedMs;
      if (waitedMs > WAIT_MS || timeoutMs <= 0) this.end(waiting, tooBusy(request.allocationId));
      else if (room <= 0) break;
      else {
        room -= 1;
        this.end(waiting, this.claims.allocate({ ...request, timeoutMs }));
      }
    }
  }

  private end(waiting: Waiting, answer: AllocationAnswer | Promise<AllocationAnswer>): void {
    this.line.delete(waiting);
    waiting.resolve(answer);
    if (this.line.size > 0) return;
    this.stopLooking?.();
    this.stopLooking = undefined;
  }
}
