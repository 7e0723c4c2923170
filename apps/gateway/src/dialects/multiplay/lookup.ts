import type { Clock } from '#kernel';
import { isBefore } from '#client';
import {
  allocationId as idSchema,
  type AllocationResult,
  type AskedRecord,
  type RefusalCode,
} from '#wire';
import { fullIdFor, idFor } from '../../auth/caller.js';
import { Problem } from '../../http/problems.js';
import type { Requests } from '../../api/requests/requests.js';
import type { Regions } from '../../api/slots/regions.js';
import type { SlotEntry, SlotView } from '../../api/slots/slot-view.js';
import { askedObject, claimedObject, type AskedHere } from './allocation-object.js';
import type { MultiplayAllocation } from './allocation.schema.js';
import type { Directory } from './directory.js';

/** Time for the view to show a granted allocation; after that, a missing one is over (ms). */
const VIEW_LAG_MS = 10_000;

/** What a matchmaker that polls finds. */
export type Found =
  | { readonly kind: 'open'; readonly allocation: MultiplayAllocation; readonly region: string }
  | {
      readonly kind: 'failed';
      readonly allocation: MultiplayAllocation;
      readonly code: RefusalCode;
      readonly message: string;
    }
  | { readonly kind: 'ended' }
  | { readonly kind: 'unknown' };

export interface LookupDeps {
  readonly clock: Clock;
  readonly view: SlotView;
  readonly regions: Regions;
  readonly requests: Requests;
  readonly directory: Directory;
}

interface Asked {
  readonly region: string;
  readonly asked: AskedHere;
  readonly result: AllocationResult | undefined;
}

/** Finds the state of Multiplay's allocations. */
export class Lookup {
  constructor(private readonly deps: LookupDeps) {}

  async find(fleetId: string, id: string): Promise<Found> {
    const { ids } = this.deps.directory;
    // An id that no allocation can have must not reach the stores.
    if (!idSchema.safeParse(id).success) return { kind: 'unknown' };
    const allocationId = fullIdFor(id);
    const holder = this.deps.view.holderOf(allocationId);
    if (holder !== undefined) return this.held(fleetId, holder, allocationId);
    const found = await this.askedFor(allocationId);
    if (found !== undefined && ids.isFleet(fleetId, found.asked.fleet)) return this.waiting(found);
    const last = this.deps.view.lastHolderOf(allocationId);
    if (last !== undefined) return { kind: 'ended' };
    this.deps.regions.requireAll();
    return { kind: 'unknown' };
  }

  /** The filter of a list: the fleet's name, and the earliest instant (epoch ms). */
  narrowed(fleetId: string | undefined, ageMs: number | undefined) {
    this.deps.regions.requireAll();
    return {
      fleet: fleetId === undefined ? undefined : this.deps.directory.fleet(fleetId),
      since: ageMs === undefined ? 0 : this.deps.clock.now() - ageMs,
    };
  }

  /** Allocations that have a slot, in the order of the slots. */
  *running(
    fleet: string | undefined,
    since: number,
    wanted?: readonly string[],
  ): Iterable<MultiplayAllocation> {
    const { view, directory } = this.deps;
    for (const entry of view.inOrder({ fleet, status: 'allocated' })) {
      const { allocation } = entry.state.context;
      if (allocation === null || allocation.requestedAt < since) continue;
      if (wanted !== undefined && !wanted.includes(idFor(allocation.id))) continue;
      yield claimedObject(entry, allocation, undefined, directory.ids);
    }
  }

  private async held(fleetId: string, entry: SlotEntry, id: string): Promise<Found> {
    const { directory, requests } = this.deps;
    const { offer, allocation } = entry.state.context;
    if (allocation === null || offer === null) return { kind: 'unknown' };
    if (!directory.ids.isFleet(fleetId, offer.fleet)) return { kind: 'unknown' };
    const asked = await requests.asked(entry.ref.region, id);
    const object = claimedObject(entry, allocation, asked?.askedAt, directory.ids);
    return { kind: 'open', allocation: object, region: entry.ref.region };
  }

  private waiting({ region, asked, result }: Asked): Found {
    const allocation = askedObject(asked, region, this.deps.directory.ids);
    if (asked.withdrawn) return { kind: 'ended' };
    if (result === undefined || isBefore(result, asked)) {
      return { kind: 'open', allocation, region };
    }
    const { answer, answeredAt } = result;
    if (answer.status === 'refused') {
      if (answer.code === 'ended') return { kind: 'ended' };
      return { kind: 'failed', allocation, code: answer.code, message: answer.message };
    }
    const { lastEnd } = this.deps.view.get(answer.slot)?.state.context ?? {};
    const isOver = lastEnd?.allocationId === asked.allocationId;
    const isOld = this.deps.clock.now() - answeredAt > VIEW_LAG_MS;
    return isOver || isOld ? { kind: 'ended' } : { kind: 'open', allocation, region };
  }

  private async askedFor(allocationId: string): Promise<Asked | undefined> {
    const { regions, requests } = this.deps;
    const found = await Promise.all(
      regions.names.map(async (region) => {
        const asked = await requests.asked(region, allocationId);
        if (asked === undefined || !isHere(asked)) return [];
        return [{ region, asked, result: await requests.result(region, allocationId) }];
      }),
    );
    return found.flat()[0];
  }
}

function isHere(asked: AskedRecord): asked is AskedHere {
  return asked.fleet !== null && asked.buildConfiguration !== null;
}

/** Why an allocation cannot be shown: 404, as the vendor answers, with its outcome. */
export function notFound(found: Exclude<Found, { kind: 'open' }>, allocationId: string): Problem {
  switch (found.kind) {
    case 'failed':
      return new Problem(404, found.code, found.message);
    case 'ended':
      return new Problem(404, 'ended', `the session of ${allocationId} is over`);
    case 'unknown':
      return new Problem(404, 'unknown-allocation', `no allocation has the id ${allocationId}`);
  }
}
