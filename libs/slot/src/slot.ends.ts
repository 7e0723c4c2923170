import type { SlotEvent, SlotEventType } from './slot.events.js';
import type { EndOutcome, RefusalCause } from './slot.parts.js';

/** How an event ends an allocation. */
export interface End {
  readonly outcome: EndOutcome;
  /** Whether the session's process is known to be gone. */
  readonly isProcessGone: boolean;
}

const OVER: End = { outcome: 'over', isProcessGone: false };
const EXITED: End = { outcome: 'over', isProcessGone: true };
const FAILED: End = { outcome: 'failed', isProcessGone: false };

const WITHDRAWN: End = { outcome: 'withdrawn', isProcessGone: false };

const REFUSED: Readonly<Record<RefusalCause, End>> = {
  game: FAILED,
  'process-ended': FAILED,
  'not-started': FAILED,
  'no-answer': FAILED,
  'fleet-maximum': WITHDRAWN,
  occupied: WITHDRAWN,
};

/** How each event type ends the slot's allocation; null if it does not end it. */
const ENDS = {
  SlotRegistered: null,
  SlotRetired: null,
  ProcessStarted: null,
  ProcessStopped: null,
  AllocationRequested: null,
  CallbackAcked: null,
  CallbackRefused: REFUSED,
  CallbackTimedOut: FAILED,
  WentActive: null,
  WentIdle: null,
  ExitedZero: EXITED,
  Crashed: EXITED,
  TtlExpired: OVER,
  DeallocationRequested: OVER,
  SlotCleared: null,
  CheckFailed: null,
  DrainRequested: null,
  DrainWithdrawn: null,
  MaintenanceRequested: null,
  MaintenanceEnded: null,
  WarmthSet: null,
  ConfigurationAssigned: null,
  HoldSet: null,
  SlotRepaired: null,
  SessionRestored: null,
  AgentLost: null,
  AgentReturned: null,
} as const satisfies Readonly<Record<SlotEventType, End | typeof REFUSED | null>>;

/** The events that end an allocation. */
export type EndEventType = {
  [Type in SlotEventType]: (typeof ENDS)[Type] extends null ? never : Type;
}[SlotEventType];

export function endBy(event: SlotEvent<EndEventType>): End {
  return event.type === 'CallbackRefused' ? ENDS[event.type][event.cause] : ENDS[event.type];
}

/** Whether an event of this type ends the slot's allocation. */
export function endsAllocation(type: SlotEventType): type is EndEventType {
  return ENDS[type] !== null;
}
