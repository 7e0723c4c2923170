import { machineDecider, refusal } from '#kernel';
import type {
  AssignConfiguration,
  Deallocate,
  Direct,
  Expire,
  RefuseClaim,
  RequestAllocation,
  SetWarmth,
  SlotCommand,
  SlotProposal,
} from './slot.commands.js';
import type { SlotEvent } from './slot.events.js';
import { limitEnd } from './slot.changes.js';
import { slotMachine } from './slot.machine.js';
import { nextFailedStart, proposeFromReport } from './slot.report.js';
import { proposeRestoration, WITHDRAWALS } from './slot.restoration.js';
import type { Assignment } from './slot.parts.js';
import type { Allocation, SlotState } from './slot.state.js';

/** The one word for a slot's state that the API and operators see. */
export type SlotStatus =
  | 'unregistered'
  | 'available'
  | 'allocated'
  | 'deallocated'
  | 'drained'
  | 'maintenance'
  | 'retired';

/** The slot's decider: it takes commands and returns valid events with the states they lead to. */
export const slot = machineDecider(slotMachine, propose);

function propose(state: SlotState, command: SlotCommand): SlotProposal {
  switch (command.type) {
    case 'RequestAllocation':
      return proposeClaim(state, command);
    case 'ApplyReport':
      return proposeFromReport(state, command);
    case 'RestoreSession':
      return proposeRestoration(state, command);
    case 'Expire':
      return proposeExpiry(state, command);
    case 'Deallocate':
      return proposeDeallocation(state, command);
    case 'RefuseClaim':
      return proposeRefusal(state, command);
    case 'SetWarmth':
      return proposeWarmth(state, command);
    case 'AssignConfiguration':
      return proposeAssignment(state, command);
    case 'LoseAgent':
      return [{ type: 'AgentLost', at: command.at }];
    case 'Drain':
    case 'WithdrawDrain':
    case 'BeginMaintenance':
    case 'EndMaintenance':
    case 'Retire':
    case 'Repair':
      return [proposeOperation(command)];
    default:
      return command satisfies never;
  }
}

function proposeClaim(state: SlotState, command: RequestAllocation): SlotProposal {
  const { offer, process, warmth } = state.context;
  if (offer === null) return refusal('not-registered', 'the slot has never been registered');
  const { terms, fresh, requestedBy, asked = {}, grounds, payloadKey } = command;
  const buildConfiguration = command.buildConfiguration ?? runOf(state)?.buildConfiguration ?? '';
  const version = terms?.version ?? 0;
  const runs =
    process?.buildConfiguration === buildConfiguration && process.version === version && !fresh;
  // A process that is to stop may be gone by the time the agent sees the claim.
  const warm = warmth !== false && runs;
  const { callbackMs, coldStartMs, idleMs, sessionMs } = terms?.limits ?? offer.limits;
  return [
    {
      type: 'AllocationRequested',
      at: command.at,
      allocationId: command.allocationId,
      attempt: command.attempt,
      allocator: command.allocator,
      buildConfiguration,
      payload: command.payload,
      ...(payloadKey !== undefined && { payloadKey }),
      callbackUntil: command.at + (warm ? callbackMs : coldStartMs),
      idleMs: command.idleMs ?? idleMs,
      sessionMs,
      version,
      restartsMax: terms?.limits.restartsMax ?? null,
      readiness: terms?.readiness ?? false,
      fresh,
      requestedBy,
      ...(Object.keys(asked).length > 0 && { asked }),
      ...(grounds !== undefined && { grounds }),
    },
  ];
}

function proposeExpiry(state: SlotState, { at }: Expire): SlotProposal {
  const deadline = nextDeadline(state);
  if (deadline === null || at < deadline.at) {
    return refusal('not-due', 'no deadline of the slot has passed');
  }
  if (deadline.limit === 'callback') {
    const { agentLost } = state.context;
    const reason = agentLost ? 'the agent is lost' : 'its agent reported no answer in time';
    return [{ type: 'CallbackTimedOut', at, reason, failedStarts: nextFailedStart(state.context) }];
  }
  return [{ type: 'TtlExpired', at, limit: deadline.limit }];
}

function proposeDeallocation(state: SlotState, command: Deallocate): SlotProposal {
  const { allocationId, at, reason, by } = command;
  if (allocationOf(state)?.id !== allocationId) {
    return refusal('not-this-allocation', `the slot does not hold allocation ${allocationId}`);
  }
  if (statusOf(state) === 'deallocated') return [];
  return [{ type: 'DeallocationRequested', at, reason, by }];
}

function proposeRefusal(state: SlotState, { at, fence, cause }: RefuseClaim): SlotProposal {
  if (isAwaiting(state) && state.context.fence === fence) {
    return [{ type: 'CallbackRefused', at, cause, reason: WITHDRAWALS[cause], failedStarts: 0 }];
  }
  return refusal('not-awaiting', 'the callback of this claim already has an outcome');
}

function proposeWarmth({ context }: SlotState, { at, warmth }: SetWarmth): SlotProposal {
  return context.warmth === warmth ? [] : [{ type: 'WarmthSet', at, warmth }];
}

function proposeAssignment(
  { context }: SlotState,
  { at, assigned }: AssignConfiguration,
): SlotProposal {
  return sameRun(context.assigned, assigned)
    ? []
    : [{ type: 'ConfigurationAssigned', at, assigned }];
}

function sameRun(one: Assignment | null, other: Assignment | null): boolean {
  return one?.buildConfiguration === other?.buildConfiguration && one?.version === other?.version;
}

const DIRECTIONS = {
  Drain: 'DrainRequested',
  WithdrawDrain: 'DrainWithdrawn',
  BeginMaintenance: 'MaintenanceRequested',
  EndMaintenance: 'MaintenanceEnded',
  Repair: 'SlotRepaired',
} as const;

function proposeOperation({ type, at, reason, by }: Direct): SlotEvent {
  if (type === 'Retire') return { type: 'SlotRetired', at, reason, by };
  return { type: DIRECTIONS[type], at, reason, by };
}

/** The next deadline of the slot and the limit it belongs to; null if no limit runs. */
export function nextDeadline(
  state: SlotState,
): { readonly at: number; readonly limit: 'callback' | 'idle' | 'session' } | null {
  const { value, context } = state;
  if (typeof value === 'string' || !('allocated' in value)) return null;
  if (value.allocated === 'awaiting') {
    return { at: context.allocation?.callbackUntil ?? Infinity, limit: 'callback' };
  }
  const idle = limitEnd(context, 'idle');
  const session = limitEnd(context, 'session');
  if (idle === Infinity && session === Infinity) return null;
  return session <= idle ? { at: session, limit: 'session' } : { at: idle, limit: 'idle' };
}

export function statusOf({ value }: SlotState): SlotStatus {
  if (typeof value === 'string') return value;
  return 'available' in value ? 'available' : 'allocated';
}

/** Whether the slot may be given to a request right now. */
export function isOffered(state: SlotState): boolean {
  return statusOf(state) === 'available' && !state.context.agentLost;
}

/** After this many failed starts in a row, the slot is offered once after each pause. */
const FAILED_STARTS_MAX = 3;
const FIRST_PAUSE_MS = 30_000;
const PAUSE_MS_MAX = 600_000;

/**
 * Until when the slot is not offered because its games do not start (epoch ms); 0 if it is offered.
 */
export function withheldUntil({ context: { failedStarts } }: SlotState): number {
  if (failedStarts === null || failedStarts.count < FAILED_STARTS_MAX) return 0;
  const pauseMs = FIRST_PAUSE_MS * 2 ** (failedStarts.count - FAILED_STARTS_MAX);
  return failedStarts.at + Math.min(pauseMs, PAUSE_MS_MAX);
}

/** What a free slot is to run; null before it was ever registered. */
export function runOf({ context: { assigned, offer } }: SlotState): Assignment | null {
  if (assigned !== null || offer === null) return assigned;
  return { buildConfiguration: offer.buildConfiguration, version: 0 };
}

/**
 * Whether the slot can serve a session of this build configuration, if necessary by a new start.
 */
export function canRun(state: SlotState, buildConfiguration: string): boolean {
  const { offer } = state.context;
  return offer !== null && (offer.runsAny || offer.buildConfiguration === buildConfiguration);
}

/** Whether a process stands ready and is to stay. */
export function isWarm({ value, context }: SlotState): boolean {
  if (typeof value === 'string' || !('available' in value)) return false;
  return value.available === 'warm' && context.warmth !== false;
}

/** The allocation that holds the slot, including one whose session has ended but is not cleared. */
export function allocationOf({ context }: SlotState): Allocation | null {
  return context.allocation;
}

/** Whether the callback of the slot's allocation has not been answered yet. */
export function isAwaiting({ value }: SlotState): boolean {
  return typeof value === 'object' && 'allocated' in value && value.allocated === 'awaiting';
}
