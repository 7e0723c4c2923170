import type { FleetIndex } from '../index/fleet-index.js';

/** How many sessions each fleet may have, and how many more it may still take. */
export class FleetLimits {
  private readonly maxima = new Map<string, number>();

  constructor(private readonly fleets: Pick<FleetIndex, 'takenIn'>) {}

  /** Null: no limit but the number of slots. */
  set(fleet: string, max: number | null): void {
    if (max === null) this.maxima.delete(fleet);
    else this.maxima.set(fleet, max);
  }

  /** Undefined: no limit but the number of slots. */
  maxOf(fleet: string): number | undefined {
    return this.maxima.get(fleet);
  }

  /** How many more sessions the fleet may have. */
  roomIn(fleet: string): number {
    return (this.maxima.get(fleet) ?? Infinity) - this.fleets.takenIn(fleet);
  }

  isFull(fleet: string): boolean {
    return this.roomIn(fleet) <= 0;
  }
}
