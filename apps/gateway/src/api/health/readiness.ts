import type { GatewayDeps } from '../../gateway-deps.js';
import type { Regions } from '../slots/regions.js';

/** Whether the gateway can serve all requests. */
export class Readiness {
  constructor(
    private readonly deps: Pick<GatewayDeps, 'busAwayBecause'>,
    private readonly regions: Regions,
  ) {}

  /** Why it cannot; empty if it can. */
  reasons(): readonly string[] {
    const bus = this.deps.busAwayBecause();
    return [...(bus === null ? [] : [bus]), ...this.regions.behindBecause()];
  }
}
