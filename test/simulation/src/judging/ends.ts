import { statusOf, type Allocation, type SlotEventType, type SlotState } from '#slot';
import { slotOfSubject, type SlotRecord } from '#wire';
import type { Accuser } from './violation.js';

/**
 * By how much the clocks of deciding processes may differ (ms): the time of a quick answer of the
 * log.
 */
const APART_MS = 150;

/**
 * Which events may end a session. Repeated here, so that a mistake in the slot's machine is
 * noticed.
 */
const MAY_END: Readonly<Record<SlotEventType, boolean>> = {
  SlotRegistered: false,
  SlotRetired: false,
  ProcessStarted: false,
  ProcessStopped: false,
  AllocationRequested: false,
  CallbackAcked: false,
  CallbackRefused: true,
  CallbackTimedOut: true,
  WentActive: false,
  WentIdle: false,
  ExitedZero: true,
  Crashed: true,
  TtlExpired: true,
  DeallocationRequested: true,
  SlotCleared: false,
  CheckFailed: false,
  DrainRequested: false,
  DrainWithdrawn: false,
  MaintenanceRequested: false,
  MaintenanceEnded: false,
  WarmthSet: false,
  ConfigurationAssigned: false,
  HoldSet: false,
  SlotRepaired: false,
  SessionRestored: false,
  AgentLost: false,
  AgentReturned: false,
};

/** Only certain events may take a slot from its session, and each needs its reason. */
export class Ends {
  readonly byGame = new Set<string>();
  readonly byRequest = new Set<string>();
  /** Sessions of games that have ended. */
  readonly gone = new Set<string>();
  /** Subjects of slots whose session an operator ends by force. */
  readonly byForce = new Set<string>();
  /** When games accepted sessions, by allocation and `machine.slot` (epoch ms). */
  readonly acceptedAt = new Map<string, number>();
  /** The same, by the record of the acknowledgement. */
  private readonly ackedAt = new Map<string, number>();
  /** When each slot's limits began to run (epoch ms, by the world's clock). */
  private readonly beganAt = new Map<string, { claimed: number; acknowledged: number }>();

  constructor(
    private readonly judge: Accuser,
    /** When an event was decided on, by the world's clock, whatever its writer's clock said. */
    private readonly decidedAt: (record: string) => number,
    /** Whether a log that went back told of the allocation's end. */
    private readonly hadEnded: (id: string) => boolean,
  ) {}

  recorded(subject: string, before: SlotState, record: SlotRecord, now: number): void {
    const { event, state } = record;
    const decidedAt = this.decidedAt(record.id);
    const began = this.beganAt.get(subject) ?? { claimed: 0, acknowledged: 0 };
    if (event.type === 'AllocationRequested') began.claimed = decidedAt;
    if (event.type === 'CallbackAcked') {
      const { agent, slot } = slotOfSubject(subject);
      const accepted = this.acceptedAt.get(`${state.context.allocation?.id} ${agent}.${slot}`);
      if (accepted === undefined) {
        this.judge.violated('every event has its cause', `${subject}: accepted by no game`);
      }
      // A log that went back is recorded anew, and the game may have accepted again since.
      began.acknowledged = this.ackedAt.get(record.id) ?? accepted ?? decidedAt;
      this.ackedAt.set(record.id, began.acknowledged);
    }
    if (event.type === 'SessionRestored') {
      began.claimed = event.allocation.requestedAt;
      began.acknowledged = decidedAt;
    }
    this.beganAt.set(subject, began);
    if (statusOf(before) !== 'allocated' || statusOf(state) === 'allocated') return;
    const { allocation } = before.context;
    if (allocation === null) return;
    const because = (text: string) =>
      this.judge.violated('nothing protected is taken', `${subject}, ${allocation.id}: ${text}`);
    const isWanted =
      this.byRequest.has(allocation.id) ||
      this.byForce.has(subject) ||
      this.hadEnded(allocation.id) ||
      this.gone.has(allocation.id);
    if (!MAY_END[event.type]) because(`ended by ${event.type}`);
    // A game that was told to end may have ended after the log had lost that it was.
    if (event.type === 'ExitedZero' && !this.byGame.has(allocation.id) && !isWanted) {
      because('ended by an exit that never was');
    }
    if (event.type === 'DeallocationRequested' && !isWanted) {
      because('ended by a request that nobody made');
    }
    const due = dueAt(record, allocation, began);
    if (now + APART_MS < due) because(`${event.type} came ${due - now} ms too early`);
  }
}

/** When a time limit could end the session at the earliest (epoch ms, by the world's clock). */
function dueAt(
  { event }: SlotRecord,
  { callbackUntil, requestedAt, idleMs, sessionUntil }: Allocation,
  began: { readonly claimed: number; readonly acknowledged: number },
): number {
  if (event.type === 'CallbackTimedOut') return began.claimed + callbackUntil - requestedAt;
  if (event.type !== 'TtlExpired') return -Infinity;
  if (event.limit === 'idle') return began.acknowledged + idleMs;
  return began.claimed + (sessionUntil ?? Infinity) - requestedAt;
}
