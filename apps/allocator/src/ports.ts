import type { Bus, Cancel, Random, Clock, EventLog } from '#kernel';
import type { Logger } from '#service-runtime';
import type {
  BuildRecord,
  BuildFiles,
  ConfigurationRecord,
  FleetRecord,
  KeyStore,
  MachineRecord,
  OutcomeStore,
  RequestQueue,
  SlotRecord,
} from '#wire';

/** Everything an allocator needs from outside. */
export interface AllocatorPorts {
  readonly log: EventLog<SlotRecord>;
  /**
   * Keeps what the log forgets, at the same sequences; without an archive, nothing is forgotten.
   */
  readonly archive?: EventLog<SlotRecord>;
  /** The log of fleets' settings. */
  readonly fleets: EventLog<FleetRecord>;
  /** The log of machines' policies. */
  readonly machines: EventLog<MachineRecord>;
  /** The logs of build configurations and of builds. */
  readonly configurations: EventLog<ConfigurationRecord>;
  readonly builds: EventLog<BuildRecord>;
  /** The store of builds' files. */
  readonly files: BuildFiles;
  /** The bus on which agents are heard. */
  readonly bus: Bus;
  /** The queue of published requests. */
  readonly requests: RequestQueue;
  /** The store of refusals and of published requests' results. */
  readonly outcomes: OutcomeStore;
  /** The keys of payloads. */
  readonly keys: KeyStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Calls the listener after each reconnect. Without this, there is no connection to lose. */
  readonly onReconnect?: (listener: () => void) => Cancel;
}
