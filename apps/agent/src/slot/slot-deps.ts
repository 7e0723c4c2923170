import type { Bus, Random, Clock } from '#kernel';
import type { Logger } from '#service-runtime';
import type { Builds } from '../builds/builds.js';
import type { Catalogue } from '../builds/catalogue.js';
import type { Callback } from '../game/callback.js';
import type { Ports } from '../machine/ports.js';
import type { Processes } from '../process/processes.js';

/** The dependencies of a slot, beside its folder. A simulator brings its own. */
export interface SlotDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly bus: Bus;
  readonly processes: Processes;
  /** If missing, the slot runs only the build configuration of the agent's own settings. */
  readonly catalogue?: Catalogue;
  readonly builds?: Builds;
  readonly callback: Callback;
  readonly ports: Ports;
  readonly logger: Logger;
}
