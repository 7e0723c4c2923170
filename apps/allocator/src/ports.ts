import type { Chance, Clock, EventLog } from '#kernel';
import type { Logger } from '#service';
import type { SlotFact } from '#wire';

/** Everything an allocator needs of the world. */
export interface AllocatorPorts {
  readonly log: EventLog<SlotFact>;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly logger: Logger;
}
