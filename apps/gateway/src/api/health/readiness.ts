import type { Bus } from '#kernel';
import type { GatewayDeps } from '../../gateway-deps.js';
import type { Regions } from '../slots/regions.js';
import { RegionReadiness } from './region-readiness.js';

/** Whether the gateway can serve all requests now. */
export class Readiness {
  private readonly regions: readonly RegionReadiness[];

  /** @param bus for the gateway's own questions, whoever asks for its readiness */
  constructor(
    private readonly deps: Pick<GatewayDeps, 'busAwayBecause' | 'clock'>,
    bus: Bus,
    regions: Regions,
  ) {
    const { clock } = deps;
    this.regions = regions.watched.map((watch) => new RegionReadiness(watch, { bus, clock }));
  }

  /** Why it cannot; empty if it can. */
  async reasons(): Promise<readonly string[]> {
    const away = this.deps.busAwayBecause();
    if (away !== null) return [away];
    const reasons = await Promise.all(this.regions.map((region) => region.because()));
    return reasons.filter((reason) => reason !== null);
  }
}
