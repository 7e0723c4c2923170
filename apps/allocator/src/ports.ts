import type { Bus, Chance, Clock, EventLog } from '#kernel';
import type { Logger } from '#service';
import type { FleetFact, OutcomeStore, RequestQueue, SlotFact } from '#wire';

/** Everything an allocator needs of the world. */
export interface AllocatorPorts {
  readonly log: EventLog<SlotFact>;
  /** Where the sizes of fleets are recorded; without it, none has any. */
  readonly fleets?: EventLog<FleetFact>;
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
