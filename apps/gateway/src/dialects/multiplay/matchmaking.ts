import { JsonText } from '#json';
import { isBefore } from '#client';
import type { Bus } from '#kernel';
import { tell } from '#rpc';
import { REQUEST_TIMEOUT_MS, endpoints } from '#wire';
import { signed } from '../../auth/caller.js';
import type { Allocations } from '../../api/allocations/allocations.js';
import type { GatewayConfig } from '../../config.js';
import { Problem } from '../../http/problems.js';
import { waitMsOf } from './multiplay.settings.js';
import { checkPayload, type CreateBody } from './allocation.schema.js';
import { notFound, type Lookup, type LookupDeps } from './lookup.js';

const BY = 'berth/gateway/multiplay';

/** How long the result of a request that was withdrawn is looked for, and how often (ms). */
const WITHDRAWAL_MS = 2_000;
const LOOK_MS = 50;

export interface MatchmakingDeps extends LookupDeps {
  readonly config: GatewayConfig;
  readonly bus: Bus;
  readonly allocations: Allocations;
  readonly lookup: Lookup;
}

/** Multiplay's allocations, as they are asked for and taken back. */
export class Matchmaking {
  constructor(private readonly deps: MatchmakingDeps) {}

  /** Resolves once it is stored: then it is served, or fails, whoever runs. */
  async create(fleetId: string, body: CreateBody): Promise<string> {
    const { config, directory, view, requests } = this.deps;
    const { allocationId, payload, restart } = body;
    const fleet = directory.fleet(fleetId);
    const region = directory.region(body.regionId);
    checkPayload(payload ?? '', config.MULTIPLAY_PAYLOAD_BYTES);
    const buildConfiguration = await directory.buildConfiguration(
      body.buildConfigurationId,
      region,
    );
    if (view.holderOf(allocationId) !== undefined) return allocationId;
    return requests.publish(region, {
      allocationId,
      fleet,
      buildConfiguration,
      attributes: {},
      payload: JsonText.of(payload),
      restart: restart ?? false,
      waitMs: waitMsOf(config),
      timeoutMs: REQUEST_TIMEOUT_MS.default,
      by: signed(BY),
    });
  }

  /** Twice is fine. Throws a `Problem` where the allocation is not known at all. */
  async delete(fleetId: string, allocationId: string): Promise<void> {
    const found = await this.deps.lookup.find(fleetId, allocationId);
    if (found.kind === 'unknown') throw notFound(found, allocationId);
    if (found.kind !== 'open') return;
    const { region, allocation } = found;
    const waits = allocation.created === undefined;
    if (waits && (await this.withdraw(region, allocationId))) return;
    const reason = 'deleted by the matchmaker';
    const request = { allocationId, region, reason, by: signed(BY) };
    await this.deps.allocations.deallocate(request).catch((error: unknown) => {
      if (!(error instanceof Problem) || ![404, 410].includes(error.status)) throw error;
    });
  }

  /**
   * Takes a request back that waits. Whoever has it may be granting it just now, so its result is
   * looked for; where no allocator runs there is none, and it may be served later, to nobody.
   *
   * @returns whether there will be no server
   */
  private async withdraw(region: string, allocationId: string): Promise<boolean> {
    const { requests, bus, clock } = this.deps;
    const asked = await requests.asked(region, allocationId);
    if (asked === undefined) return false;
    await requests.withdraw(region, asked);
    tell(bus, endpoints.cancel, { region }, { allocationId });
    const until = clock.now() + WITHDRAWAL_MS;
    for (;;) {
      const result = await requests.result(region, allocationId);
      if (result !== undefined && !isBefore(result, asked)) {
        return result.answer.status === 'refused';
      }
      if (clock.now() >= until) return false;
      await clock.sleep(LOOK_MS);
    }
  }
}
