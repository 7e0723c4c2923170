import type { SlotState } from '#slot';

/** The present of one slot: its state, and the sequence the next append must expect. */
export interface Present {
  readonly subject: string;
  readonly sequence: number;
  readonly state: SlotState;
}
