import type { Pool } from '#pool';
import {
  fleetName,
  type FleetsAnswer,
  type FleetsRequest,
  type FleetView,
  type SizeAnswer,
  type SizeRequest,
} from '#wire';
import { refusedAnswer } from '../answers.js';
import type { Freshness } from '../follower.js';
import type { SlotWriter } from '../slot-writer.js';
import { FleetSizes, type FleetSizesPorts, type SizeSet } from './fleet-sizes.js';
import { Warmth } from './warmth.js';

/** The fleets of a region: how many servers they have, and how many they shall have. */
export class Fleets {
  private readonly sizes: FleetSizes;
  private readonly warmth: Warmth;

  constructor(
    allocator: string,
    private readonly region: string,
    private readonly ports: FleetSizesPorts,
    private readonly pool: Pool,
    writer: SlotWriter,
    private readonly freshness: Freshness,
  ) {
    this.sizes = new FleetSizes(allocator, region, ports, (fleet, size) =>
      pool.limit(fleet, size?.max ?? null),
    );
    this.warmth = new Warmth(ports, pool, writer, freshness, this.sizes);
  }

  /** Throws `Trouble` where the sizes cannot be read. */
  async start(): Promise<void> {
    await this.sizes.start();
    this.warmth.start();
  }

  stop(): void {
    this.warmth.stop();
    this.sizes.stop();
  }

  /** Sets a fleet's size, or withdraws it; asking twice is asking once. */
  async size(request: SizeRequest): Promise<SizeAnswer> {
    const set = await this.sizes.set(request);
    if ('status' in set) return set;
    const { fleet, size, reason, by } = request;
    this.ports.logger.info({ region: this.region, fleet, size, reason, by }, 'a fleet is sized');
    return { status: 'sized', fleet: this.view(fleet, set) };
  }

  /** All fleets that have slots or a size, by name, or the one that is asked for. */
  list({ fleet }: FleetsRequest): FleetsAnswer {
    const stale = this.freshness.staleBecause();
    if (stale !== null) return refusedAnswer(undefined, 'not-ready', stale);
    const known = [...new Set([...this.pool.fleetNames, ...this.sizes.names])].sort();
    const names = fleet === undefined ? known : known.filter((name) => name === fleet);
    return { status: 'fleets', fleets: names.map((name) => this.view(name, this.sizes.of(name))) };
  }

  private view(fleet: string, { size, revision }: SizeSet): FleetView {
    const { taken, ready, warm, cold, leftWarm, leftCold } = this.pool.fleetCounts(fleet);
    return {
      id: fleetName({ region: this.region, fleet }),
      size,
      revision,
      allocated: taken,
      warm: ready,
      cold: warm + cold + leftWarm + leftCold - ready,
    };
  }
}
