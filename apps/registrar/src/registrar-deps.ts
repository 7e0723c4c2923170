import type { Bus, Clock, EventLog } from '#kernel';
import type { SlotRecord } from '#wire';
import type { Logger } from '#service-runtime';
import type { Callbacks } from './callbacks.js';
import type { RegistrySettings } from './registration.js';
import type { RegistryFolder } from './registry-folder.js';
import type { Retirements } from './retirements.js';

/** The dependencies that all registered servers of a region share. */
export interface RegistrarDeps {
  readonly eventLog: EventLog<SlotRecord>;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly settings: RegistrySettings;
  readonly folder: RegistryFolder;
  readonly callbacks: Callbacks;
  readonly retirements: Retirements;
  /** For how long its login to NATS is good (ms); null: for ever, or it is not known. */
  readonly loginLeftMs?: () => number | null;
}
