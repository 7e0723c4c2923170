import type { GatewayParts } from '../../parts.js';
import type { Regions } from '../slots/regions.js';

/** Whether the gateway can do all it is there for. */
export class Readiness {
  constructor(
    private readonly parts: Pick<GatewayParts, 'busAwayBecause'>,
    private readonly regions: Regions,
  ) {}

  /** Why not; empty where it can. */
  reasons(): readonly string[] {
    const bus = this.parts.busAwayBecause();
    return [...(bus === null ? [] : [bus]), ...this.regions.behindBecause()];
  }
}
