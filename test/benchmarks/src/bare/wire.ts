/** The messages of the bare flow. Bodies are JSON of about the size of Berth's own. */

/** The parameters of both workers. */
export interface BareParameters {
  readonly natsUrl: string;
}

export const streamName = 'BARE';
export const slotSubjects = 'bare.slot.>';
export const liveSubjects = 'bare.live.slot.>';
export const allocateSubject = 'bare.allocate';

export interface Allocate {
  readonly allocationId: string;
  readonly region: string;
  readonly fleet: string;
  readonly payload: Readonly<Record<string, string>>;
}

export interface Granted {
  readonly kind: 'granted';
  readonly allocationId: string;
  readonly address: string;
  readonly sequence: number;
  readonly payload: unknown;
}

/** An event carries the state it led to, so the last event is enough to know the slot. */
export type SlotEvent = {
  readonly slot: number;
  /** The subject on which the agent reports. */
  readonly reportTo: string;
  readonly at: number;
  readonly state: { readonly value: string; readonly context: object };
} & (
  | { readonly type: 'AllocationRequested'; readonly request: Allocate; readonly until: number }
  | { readonly type: 'CallbackAcked'; readonly payload: unknown }
  | { readonly type: 'SlotCleared' }
);

/** What the agent saw of a slot, and the sequence of the event that it answers. */
export interface Report {
  readonly slot: number;
  readonly sequence: number;
  readonly seen: 'callback-acked' | 'exited';
  readonly payload: unknown;
}

export function slotSubject(slot: number): string {
  return `bare.slot.eu.agent-1.slot-${slot}`;
}
