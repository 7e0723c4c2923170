import { JsonText } from '#json';
import { isBefore } from '#client';
import type { Bus } from '#kernel';
import { tell } from '#rpc';
import { REQUEST_TIMEOUT_MS, endpoints } from '#wire';
import { fullIdFor, signed } from '../../auth/caller.js';
import type { Allocations } from '../../api/allocations/allocations.js';
import type { GatewayConfig } from '../../config.js';
import { Problem } from '../../http/problems.js';
import { waitMsOf } from './multiplay.settings.js';
import { checkPayload, type CreateBody } from './allocation.schema.js';
import { notFound, type Lookup, type LookupDeps } from './lookup.js';

/** How long the result of a withdrawn request is looked for, and how often (ms). */
const WITHDRAWAL_MS = 2_000;
const LOOK_MS = 50;

export interface MatchmakingDeps extends LookupDeps {
  readonly config: GatewayConfig;
  readonly bus: Bus;
  readonly allocations: Allocations;
  readonly lookup: Lookup;
}

/** Creates and deletes Multiplay's allocations. */
export class Matchmaking {
  constructor(private readonly deps: MatchmakingDeps) {}

  /**
   * Stores a request and resolves with its id. From then on it is served, or fails, whatever
   * happens here.
   */
  async create(fleetId: string, body: CreateBody): Promise<string> {
    const { config, directory, view, requests } = this.deps;
    const { payload, restart } = body;
    const allocationId = fullIdFor(body.allocationId);
    const fleet = directory.fleet(fleetId);
    const region = directory.region(body.regionId);
    checkPayload(payload ?? '', config.MULTIPLAY_PAYLOAD_BYTES);
    const buildConfiguration = await directory.buildConfiguration(
      body.buildConfigurationId,
      region,
    );
    if (view.holderOf(allocationId) !== undefined) return body.allocationId;
    await requests.publish(region, {
      allocationId,
      fleet,
      buildConfiguration,
      attributes: {},
      payload: JsonText.of(payload),
      restart: restart ?? false,
      waitMs: waitMsOf(config),
      timeoutMs: REQUEST_TIMEOUT_MS.default,
      by: signed(),
    });
    return body.allocationId;
  }

  /**
   * Deletes an allocation; repeating it is fine. Throws a `Problem` if the allocation is unknown.
   */
  async delete(fleetId: string, id: string): Promise<void> {
    const found = await this.deps.lookup.find(fleetId, id);
    if (found.kind === 'unknown') throw notFound(found, id);
    if (found.kind !== 'open') return;
    const allocationId = fullIdFor(id);
    const { region, allocation } = found;
    const waits = allocation.created === undefined;
    if (waits && (await this.withdraw(region, allocationId))) return;
    const reason = 'deleted by the matchmaker';
    const request = { allocationId, region, reason, by: signed() };
    await this.deps.allocations.deallocate(request).catch((error: unknown) => {
      if (!(error instanceof Problem) || ![404, 410].includes(error.status)) throw error;
    });
  }

  /**
   * Withdraws a waiting request. An allocator may be granting it at this moment, so its result is
   * looked for. If no allocator runs there is no result, and the request may still be served later,
   * to nobody.
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
