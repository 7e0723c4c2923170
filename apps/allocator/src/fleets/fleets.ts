import type { Pool, SlotHead } from '#pool';
import { withheldUntil } from '#slot';
import {
  FAILING_MAX,
  fleetName,
  slotName,
  slotOfSubject,
  type ConfigureFleetRequest,
  type FleetsAnswer,
  type FleetsRequest,
  type FleetView,
  type SizeAnswer,
  type SizeRequest,
} from '#wire';
import { refusedAnswer } from '../claim/answers.js';
import { Catalogue, type CatalogueDeps } from '../builds/catalogue.js';
import type { Freshness } from '../log/pool-feeder.js';
import { Rollouts } from '../rollouts/rollouts.js';
import type { SlotWriter } from '../log/slot-writer.js';
import { fleetSettings, type FleetDeps, type FleetSettings } from './fleet-settings.js';
import { WarmPool } from './warm-pool.js';

type FleetSetting = ReturnType<FleetSettings['of']>;

/** `log` is the fleets' log, and `clock` the log's clock. */
export interface FleetsDeps extends FleetDeps, CatalogueDeps {
  /** The id of this allocator. */
  readonly allocator: string;
  readonly region: string;
  readonly pool: Pool;
  readonly writer: SlotWriter;
  readonly freshness: Freshness;
}

/** The fleets of a region: how many servers they should have, and what these should run. */
export class Fleets {
  /** The region's builds and build configurations. */
  readonly catalogue: Catalogue;
  private readonly settings: FleetSettings;
  private readonly warmPool: WarmPool;
  private readonly rollouts: Rollouts;

  constructor(private readonly deps: FleetsDeps) {
    const { allocator, region, pool } = deps;
    this.settings = fleetSettings(allocator, region, deps, (fleet, { size }) =>
      pool.capacity.limit(fleet, size?.max ?? null),
    );
    this.catalogue = new Catalogue(allocator, region, deps, pool, this.settings);
    this.warmPool = new WarmPool(deps, this.settings);
    this.rollouts = new Rollouts(deps, this.settings, this.catalogue.configurations);
  }

  /** Throws `TransientError` if the settings cannot be read. */
  async start(): Promise<void> {
    await this.settings.start();
    await this.catalogue.start();
    this.warmPool.start();
    this.rollouts.start();
  }

  stop(): void {
    this.rollouts.stop();
    this.warmPool.stop();
    this.catalogue.stop();
    this.settings.stop();
  }

  /** Sets a fleet's size, or withdraws it; repeating the request changes nothing. */
  async size(request: SizeRequest): Promise<SizeAnswer> {
    const { fleet, size, reason, by, revision } = request;
    const set = await this.settings.record({
      name: fleet,
      revision,
      command: (at) => ({ type: 'SizeFleet', at, size, reason, by }),
    });
    if ('status' in set) return set;
    this.deps.logger.info(
      { region: this.deps.region, fleet, size, reason, by },
      'a fleet is sized',
    );
    return { status: 'sized', fleet: this.view(fleet, set) };
  }

  /** Sets what a fleet's free slots run; repeating the request changes nothing. */
  async configure(request: ConfigureFleetRequest): Promise<SizeAnswer> {
    const { fleet, buildConfiguration, atATime, reason, by, revision } = request;
    if (buildConfiguration !== null) {
      const { configurations } = this.catalogue;
      const isKnown = configurations.current(buildConfiguration) !== undefined;
      if (!isKnown) return configurations.unknown(buildConfiguration);
    }
    const set = await this.settings.record({
      name: fleet,
      revision,
      command: (at) => ({ type: 'ConfigureFleet', at, buildConfiguration, atATime, reason, by }),
    });
    if ('status' in set) return set;
    const told = { region: this.deps.region, fleet, buildConfiguration, atATime, reason, by };
    this.deps.logger.info(told, 'a fleet is configured');
    return { status: 'sized', fleet: this.view(fleet, set) };
  }

  /** Whether the fleet has settings, or had some once. */
  has(fleet: string): boolean {
    return this.settings.has(fleet);
  }

  /** All fleets that have slots or settings, sorted by name; or only the one that is asked for. */
  list({ fleet }: FleetsRequest): FleetsAnswer {
    const stale = this.deps.freshness.staleBecause();
    if (stale !== null) return refusedAnswer(undefined, 'not-ready', stale);
    const known = [...new Set([...this.deps.pool.fleets.names, ...this.settings.names])].sort();
    const names = fleet === undefined ? known : known.filter((name) => name === fleet);
    const fleets = names.map((name) => this.view(name, this.settings.of(name)));
    return { status: 'fleets', fleets };
  }

  private view(fleet: string, { state, ...changed }: FleetSetting): FleetView {
    const { taken, ready, ...free } = this.deps.pool.fleets.countsOf(fleet);
    return {
      id: fleetName({ region: this.deps.region, fleet }),
      ...{ ...state, ...changed },
      allocated: taken,
      warm: ready,
      cold: sum(free) - ready,
      rollout: this.rollouts.viewOf(fleet),
      failing: this.deps.pool.faults.ofFleet(fleet, FAILING_MAX).map(failingSlot),
    };
  }
}

function failingSlot({ subject, state }: SlotHead): FleetView['failing'][number] {
  const { failedStarts, failure } = state.context;
  const last = failedStarts ?? { count: 0, reason: '', at: 0 };
  const withheld = withheldUntil(state);
  return {
    slot: slotName(slotOfSubject(subject)),
    reason: failure?.reason ?? last.reason,
    failedStarts: last.count,
    at: Math.max(last.at, failure?.failedAt ?? 0),
    offeredAgainAt: withheld === 0 ? null : withheld,
  };
}

const sum = (counts: Readonly<Record<string, number>>) =>
  Object.values(counts).reduce((all, count) => all + count, 0);
