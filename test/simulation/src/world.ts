import type { Logger } from '#service-runtime';
import type { MemoryBus, MemoryEventLog, MemoryOutcomeStore, MemoryRequestQueue } from '#memory';
import type { BuildRecord, ConfigurationRecord, FleetRecord, MachineRecord } from '#wire';
import type { Breakage } from './breakage.js';
import type { Counts } from './counts.js';
import type { CountedFaults } from './faults.js';
import type { GamePlans } from './games/plans.js';
import type { Judge } from './judge.js';
import type { LogServer } from './log-server.js';
import type { Network } from './network.js';
import type { Schedule } from './schedule.js';
import type { Timeline } from './timeline.js';
import type { Trace } from './trace.js';
import type { Web } from './web.js';

/** Everything that the parts of one run share. */
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
  /** No part of a run sets any. */
  readonly machines: MemoryEventLog<MachineRecord>;
  readonly configurations: MemoryEventLog<ConfigurationRecord>;
  readonly builds: MemoryEventLog<BuildRecord>;
  readonly queue: MemoryRequestQueue;
  readonly outcomes: MemoryOutcomeStore;
}
