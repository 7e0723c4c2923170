import type { SlotState } from '#slot';

/** The newest event of a slot that was read: the state it led to, and its place in the log. */
export interface SlotHead {
  readonly subject: string;
  /** The sequence that the next append to the slot must expect. */
  readonly sequence: number;
  /**
   * When the event happened, by the log's clock (epoch ms); no later event of the slot has an
   * earlier date.
   */
  readonly at: number;
  readonly state: SlotState;
}
