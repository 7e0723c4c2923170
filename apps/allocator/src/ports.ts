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
  /** Where the files of builds are. */
  readonly files: BuildFiles;
  /** Where agents are heard. */
  readonly bus: Bus;
  /** Requests that were published. */
  readonly requests: RequestQueue;
  /** Where the results of published requests are recorded, and refusals. */
  readonly outcomes: OutcomeStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}
