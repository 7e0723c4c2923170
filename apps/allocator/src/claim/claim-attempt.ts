import type { AllocationRequest } from '#wire';
import type { PayloadKey } from '../payloads/payload-keys.js';
import type { Ticket } from './waiting-room.js';

/** One request on its way to a server. Instants are epoch ms. */
export interface ClaimAttempt {
  readonly id: string;
  readonly request: AllocationRequest;
  readonly ticket: Ticket;
  readonly since: number;
  /** Until when the request waits for a slot, and until when it must have an answer. */
  readonly waitUntil: number;
  readonly until: number;
  hasWaited: boolean;
  /** The slot that is held for the request while it is claimed. */
  held: string | undefined;
  /** The slot of the last claim, if the log has not said whether it is stored. */
  unsettled: string | undefined;
  /** What its payload is encrypted with, once a slot is claimed. */
  key?: PayloadKey;
}
