import type { Bus, Chance, Clock, EventLog } from '#kernel';
import type { Logger } from '#service';
import type { SlotFact } from '#wire';
import type { GatewayConfig } from './config.js';

/** What a gateway is made of: the outside world, as ports. */
export interface GatewayParts {
  readonly config: GatewayConfig;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly logger: Logger;
  /** The region's log, which need not exist yet. */
  openLog(region: string): Promise<EventLog<SlotFact>>;
  /** Why the bus cannot be used now; null where it can. */
  busAwayBecause(): string | null;
  /** Called last, once nothing is under way any more. */
  close(): Promise<void>;
}
