import type { Accuser } from './violation.js';

/** Which requests wait in an allocator's waiting room. */
export interface Waiting {
  has(id: string): boolean;
}

interface Arrival {
  readonly place: number;
  /** Equal for requests that ask for the same. */
  readonly wish: string;
}

/**
 * Checks that requests which wait at one allocator for the same are served in the order of arrival.
 */
export class Lines {
  private arrived = 0;
  private readonly arrivals = new Map<string, Map<string, Arrival>>();

  constructor(private readonly judge: Accuser) {}

  /** A request arrives at an allocator that does not have it yet. */
  comes(allocator: string, id: string, wish: string): void {
    const arrivals = this.arrivals.get(allocator) ?? new Map<string, Arrival>();
    this.arrivals.set(allocator, arrivals);
    this.arrived += 1;
    arrivals.set(id, { place: this.arrived, wish });
  }

  goes(allocator: string, id: string): void {
    this.arrivals.get(allocator)?.delete(id);
  }

  /** The allocator claims a slot for the request. */
  served(allocator: string, id: string, waiting: Waiting): void {
    const arrivals = this.arrivals.get(allocator);
    const own = arrivals?.get(id);
    if (arrivals === undefined || own === undefined) return;
    for (const [other, { place, wish }] of arrivals) {
      if (place >= own.place || wish !== own.wish || !waiting.has(other)) continue;
      const detail = `${allocator} claims for ${id} while ${other} waits, which came before`;
      this.judge.violated('who waits is served in the order of arrival', detail);
    }
  }
}
