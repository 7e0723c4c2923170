import type { Logger } from '#service-runtime';
import type { MemoryBus, MemoryEventLog, MemoryOutcomeStore, MemoryRequestQueue } from '#memory';
import type { FleetRecord } from '#wire';
import type { CountedFaults } from './faults.js';
import type { GamePlans } from './games/plans.js';
import type { Judge } from './judge.js';
import type { LogServer } from './log-server.js';
import type { Network } from './network.js';
import type { Schedule } from './schedule.js';
import type { Timeline } from './timeline.js';
import type { Trace } from './trace.js';
import type { Web } from './web.js';

/** What a variant of Berth lacks that the simulator must find. */
export interface Breakage {
  /** The log stores whatever its expectation is. */
  readonly withoutCompareAndSet?: boolean;
  /** The log never sees a message's id. */
  readonly withoutDeduplication?: boolean;
  /** What the clock says is never recorded. */
  readonly withoutDeadlines?: boolean;
  /** No agent ever says that a slot is clean. */
  readonly withoutClearing?: boolean;
  /** Nobody looks whether a claim was one too many for its fleet. */
  readonly withoutMaximum?: boolean;
  /** Who came last is served first. */
  readonly withoutOrder?: boolean;
}

/** How often what happened. */
export type Counts = Record<
  | 'requests'
  | 'allocations'
  | 'refusals'
  | 'uncertain'
  | 'cancelled'
  | 'published'
  | 'directed'
  | 'sized'
  | 'beyond'
  | 'ends'
  | 'events'
  | 'kills'
  | 'freezes'
  | 'messages'
  | 'lost'
  | 'repeated'
  | 'conflicts'
  | 'duplicates'
  | 'unknown',
  number
>;

/** Everything the parts of one run share. */
export interface World {
  readonly schedule: Schedule;
  readonly breakage: Breakage;
  readonly timeline: Timeline;
  readonly faults: CountedFaults;
  readonly trace: Trace;
  readonly counts: Counts;
  readonly judge: Judge;
  readonly plans: GamePlans;
  readonly logger: Logger;
  readonly hub: MemoryBus;
  readonly network: Network;
  readonly server: LogServer;
  readonly web: Web;
  readonly fleets: MemoryEventLog<FleetRecord>;
  readonly queue: MemoryRequestQueue;
  readonly outcomes: MemoryOutcomeStore;
}

export function noCounts(): Counts {
  return {
    requests: 0,
    allocations: 0,
    refusals: 0,
    uncertain: 0,
    cancelled: 0,
    published: 0,
    directed: 0,
    sized: 0,
    beyond: 0,
    ends: 0,
    events: 0,
    kills: 0,
    freezes: 0,
    messages: 0,
    lost: 0,
    repeated: 0,
    conflicts: 0,
    duplicates: 0,
    unknown: 0,
  };
}
