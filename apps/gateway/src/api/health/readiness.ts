import type { GatewayDeps } from '../../gateway-deps.js';
import type { Regions } from '../slots/regions.js';

/** Whether the gateway can do all it is there for. */
export class Readiness {
  constructor(
    private readonly deps: Pick<GatewayDeps, 'busAwayBecause'>,
    private readonly regions: Regions,
  ) {}

  /** Why not; empty where it can. */
  reasons(): readonly string[] {
    const bus = this.deps.busAwayBecause();
    return [...(bus === null ? [] : [bus]), ...this.regions.behindBecause()];
  }
}
