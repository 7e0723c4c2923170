import type { Bus, Chance, Clock, EventLog } from '#kernel';
import type { Logger } from '#service';
import type {
  BuildFact,
  BuildFiles,
  ConfigurationFact,
  FleetFact,
  OutcomeStore,
  RequestQueue,
  SlotFact,
} from '#wire';

/** Everything an allocator needs of the world. */
export interface AllocatorPorts {
  readonly log: EventLog<SlotFact>;
  /** What the log forgets is kept here, at the same sequences; without it, nothing is forgotten. */
  readonly archive?: EventLog<SlotFact>;
  /** Where the sizes of fleets are recorded; without it, none has any. */
  readonly fleets?: EventLog<FleetFact>;
  /** Where build configurations are recorded, and builds; without them, or `fleets`: there are none. */
  readonly configurations?: EventLog<ConfigurationFact>;
  readonly builds?: EventLog<BuildFact>;
  /** Where the files of builds are; without it, those that are not needed any more stay. */
  readonly files?: BuildFiles;
  /** Where agents are heard; without it, all of them are taken to be there. */
  readonly bus?: Bus;
  /** Requests that were published; without it, or without `outcomes`, there are none. */
  readonly requests?: RequestQueue;
  /** Where results and refusals are recorded; without it, they are not. */
  readonly outcomes?: OutcomeStore;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly logger: Logger;
}
