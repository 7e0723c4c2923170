import type { Bus, Random, Clock } from '#kernel';
import type { Logger } from '#service-runtime';
import type { Builds } from '../builds/builds.js';
import type { Catalogue } from '../builds/catalogue.js';
import type { Callback } from '../game/callback.js';
import type { Ports } from '../machine/ports.js';
import type { Processes } from '../process/processes.js';

/** Everything of the world that a slot touches, beside its folder; a simulator brings its own. */
export interface SlotDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly bus: Bus;
  readonly processes: Processes;
  /** If missing, what the agent itself is set to is all it runs. */
  readonly catalogue?: Catalogue;
  readonly builds?: Builds;
  readonly callback: Callback;
  readonly ports: Ports;
  readonly logger: Logger;
}
