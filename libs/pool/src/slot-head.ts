import type { SlotState } from '#slot';

/** The newest event of a slot that was read: the state it led to, and where it stands in the log. */
export interface SlotHead {
  readonly subject: string;
  /** What the next append to the slot must expect. */
  readonly sequence: number;
  /** When it happened, by the log's clock (epoch ms): no later event of the slot is dated earlier. */
  readonly at: number;
  readonly state: SlotState;
}
