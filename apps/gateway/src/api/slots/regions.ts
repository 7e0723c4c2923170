import type { PastSource } from '#audit';
import type { EventLog } from '#kernel';
import type { SlotRecord } from '#wire';
import { currentCaller, requireRegion } from '../../auth/caller.js';
import type { Histories } from '../events/history.js';
import type { GatewayDeps } from '../../gateway-deps.js';
import { Problem, notReady } from '../../http/problems.js';
import { RegionWatch } from './region-watch.js';
import type { SlotView } from './slot-view.js';

/** The regions that this gateway shows. */
export class Regions {
  private readonly watches: ReadonlyMap<string, RegionWatch>;

  constructor(
    private readonly deps: GatewayDeps,
    view: SlotView,
  ) {
    this.watches = new Map(
      deps.config.BERTH_REGIONS.map((region) => [region, new RegionWatch(region, deps, view)]),
    );
  }

  /** The regions that the caller may use. */
  get names(): readonly string[] {
    const caller = currentCaller();
    return [...this.watches.keys()].filter((region) => caller.mayUse(region));
  }

  /** The region that is asked for, or all. Throws a `Problem` if it is not shown. */
  shown(wanted: string | undefined): readonly string[] {
    if (wanted === undefined) return this.names;
    this.requireShown(wanted);
    return [wanted];
  }

  /** The watches of all regions, whoever the caller is. */
  get watched(): readonly RegionWatch[] {
    return [...this.watches.values()];
  }

  start(): void {
    for (const watch of this.watches.values()) watch.start();
  }

  close(): void {
    for (const watch of this.watches.values()) watch.close();
  }

  behindBecause(): readonly string[] {
    return [...this.watches.values()].flatMap(({ behindBecause }) => behindBecause ?? []);
  }

  /**
   * Throws a `Problem` while a region is still being read, since a missing slot may exist
   * nevertheless.
   */
  requireAll(): void {
    const reasons = this.behindBecause();
    if (reasons.length > 0) throw notReady(reasons.join('; '));
  }

  /** Throws a `Problem` if the region is not shown here, or not to this caller. */
  requireShown(region: string): RegionWatch {
    requireRegion(region);
    const watch = this.watches.get(region);
    if (watch !== undefined) return watch;
    const detail = `region ${region} is not served by this gateway, which serves: ${this.names.join(', ')}`;
    throw new Problem(404, 'unknown-region', detail);
  }

  /** Throws a `Problem` if the region is not shown here, or not yet. */
  logOf(region: string): EventLog<SlotRecord> {
    const watch = this.requireShown(region);
    if (watch.log === null) throw notReady(watch.behindBecause ?? region);
    return watch.log;
  }

  /** Throws a `Problem` if the region is not shown here, or not yet. */
  historiesOf(region: string): Histories {
    return { log: this.logOf(region), archive: this.requireShown(region).archive };
  }

  /** Throws a `Problem` if the region is not shown here, or has no log yet. */
  async pastOf(region: string): Promise<readonly PastSource[]> {
    this.requireShown(region);
    const sources = await this.deps.openPast(region);
    if (sources.length === 0) throw notReady(`region ${region} has no log yet`);
    return sources;
  }
}
