import type { Bus, Random, Clock, EventLog } from '#kernel';
import type { Logger } from '#service-runtime';
import type {
  BuildRecord,
  BuildFiles,
  ConfigurationRecord,
  FleetRecord,
  OutcomeStore,
  RequestQueue,
  SlotRecord,
} from '#wire';

/** Everything an allocator needs of the world. */
export interface AllocatorPorts {
  readonly log: EventLog<SlotRecord>;
  /** What the log forgets is kept here, at the same sequences; without it, nothing is forgotten. */
  readonly archive?: EventLog<SlotRecord>;
  /** Where the sizes of fleets are recorded. */
  readonly fleets: EventLog<FleetRecord>;
  /** Where build configurations are recorded, and builds. */
  readonly configurations: EventLog<ConfigurationRecord>;
  readonly builds: EventLog<BuildRecord>;
  /** Where the files of builds are; without it, those that are not needed any more stay. */
  readonly files?: BuildFiles;
  /** Where agents are heard; without it, all of them are taken to be there. */
  readonly bus?: Bus;
  /** Requests that were published; without it, or without `outcomes`, there are none. */
  readonly requests?: RequestQueue;
  /** Where results and refusals are recorded; without it, they are not. */
  readonly outcomes?: OutcomeStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}
