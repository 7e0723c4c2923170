import { JsonText } from '#json';
import type {
  Allocation,
  ApplyReport,
  AssignConfiguration,
  Assignment,
  Deallocate,
  Direct,
  Expire,
  GameProcess,
  LoseAgent,
  Offer,
  RequestAllocation,
  SessionReport,
  SetWarmth,
  SlotEvent,
  SlotEventType,
  SlotLimits,
  SlotReport,
} from '#slot';

/** When sample lives begin (epoch ms); the default instant of every sample. */
export const START = Date.UTC(2026, 0, 1);

export function someLimits(changes: Partial<SlotLimits> = {}): SlotLimits {
  return {
    callbackMs: 1_000,
    coldStartMs: 10_000,
    idleMs: 60_000,
    sessionMs: null,
    restartsMax: 1,
    ...changes,
  };
}

export function anOffer(changes: Partial<Offer> = {}): Offer {
  return {
    fleet: 'harbour',
    buildConfiguration: 'harbour-1',
    attributes: { map: 'docks' },
    requiredAttributes: [],
    priority: 0,
    address: '192.0.2.1:7777',
    ip: '192.0.2.1',
    ports: { game: 7777 },
    limits: someLimits(),
    runsAny: false,
    ...changes,
  };
}

export function aProcess(changes: Partial<GameProcess> = {}): GameProcess {
  return { pid: 4711, startedAt: START, buildConfiguration: 'harbour-1', version: 0, ...changes };
}

/** An acknowledged allocation. */
export function anAllocation(changes: Partial<Allocation> = {}): Allocation {
  return {
    id: 'match-1',
    attempt: 1,
    allocator: 'allocator-1',
    buildConfiguration: 'harbour-1',
    payload: JsonText.of({ map: 'docks' }),
    callbackUntil: START + 1_000,
    idleMs: 60_000,
    version: 0,
    restartsMax: null,
    readiness: false,
    fresh: false,
    requestedBy: 'matchmaker',
    requestedAt: START,
    idleUntil: START + 60_000,
    sessionUntil: null,
    acknowledgedAt: START,
    answer: JsonText.of({ ready: true }),
    token: 'secret',
    crashes: 0,
    ...changes,
  };
}

/** One event of each type, as in the life of an ordinary slot. */
const events: { readonly [Type in SlotEventType]: Extract<SlotEvent, { type: Type }> } = {
  SlotRegistered: {
    type: 'SlotRegistered',
    at: START,
    offer: anOffer(),
    incarnation: START,
    fence: 0,
  },
  SlotRetired: { type: 'SlotRetired', at: START, reason: 'the machine is given back' },
  ProcessStarted: { type: 'ProcessStarted', at: START, process: aProcess() },
  ProcessStopped: { type: 'ProcessStopped', at: START, reason: 'stopped' },
  AllocationRequested: {
    type: 'AllocationRequested',
    at: START,
    allocationId: 'match-1',
    attempt: 1,
    allocator: 'allocator-1',
    buildConfiguration: 'harbour-1',
    payload: JsonText.of({ map: 'docks' }),
    callbackUntil: START + 1_000,
    idleMs: 60_000,
    sessionMs: null,
    version: 0,
    restartsMax: null,
    readiness: false,
    fresh: false,
    requestedBy: 'matchmaker',
  },
  CallbackAcked: {
    type: 'CallbackAcked',
    at: START,
    answer: JsonText.of({ ready: true }),
    token: 'secret',
    process: aProcess(),
  },
  CallbackRefused: {
    type: 'CallbackRefused',
    at: START,
    cause: 'game',
    reason: 'the map is missing',
    failedStarts: 0,
  },
  CallbackTimedOut: {
    type: 'CallbackTimedOut',
    at: START + 1_000,
    reason: 'its agent reported no answer in time',
    failedStarts: 1,
  },
  WentActive: { type: 'WentActive', at: START, players: 2 },
  WentIdle: { type: 'WentIdle', at: START },
  ExitedZero: { type: 'ExitedZero', at: START },
  Crashed: {
    type: 'Crashed',
    at: START,
    exitCode: 139,
    signal: null,
    consequence: 'end',
    reason: 'the game ended with exit code 139; no restart is left of 1',
    lastLine: 'no such map: dcoks',
  },
  TtlExpired: { type: 'TtlExpired', at: START + 60_000, limit: 'idle' },
  DeallocationRequested: {
    type: 'DeallocationRequested',
    at: START,
    reason: 'the match is over',
    by: 'matchmaker',
  },
  SlotCleared: { type: 'SlotCleared', at: START, process: null, remark: '' },
  CheckFailed: {
    type: 'CheckFailed',
    at: START,
    failure: { check: 'query', reason: 'no answer in 3 tries', failedAt: START },
    failedStarts: 1,
  },
  DrainRequested: { type: 'DrainRequested', at: START, reason: 'an upgrade', by: 'operator' },
  DrainWithdrawn: { type: 'DrainWithdrawn', at: START, reason: 'not today', by: 'operator' },
  MaintenanceRequested: {
    type: 'MaintenanceRequested',
    at: START,
    reason: 'a look at the disk',
    by: 'operator',
  },
  MaintenanceEnded: { type: 'MaintenanceEnded', at: START, reason: 'mended', by: 'operator' },
  WarmthSet: { type: 'WarmthSet', at: START, warmth: false },
  ConfigurationAssigned: {
    type: 'ConfigurationAssigned',
    at: START,
    assigned: { buildConfiguration: 'harbour-1', version: 2 },
  },
  HoldSet: { type: 'HoldSet', at: START, until: START + 60_000 },
  SlotRepaired: { type: 'SlotRepaired', at: START, reason: 'an unreadable event', by: 'operator' },
  SessionRestored: {
    type: 'SessionRestored',
    at: START,
    allocation: anAllocation(),
    fence: 2,
    process: aProcess(),
  },
  AgentLost: { type: 'AgentLost', at: START },
  AgentReturned: { type: 'AgentReturned', at: START, incarnation: START },
};

export const EVENT_TYPES = Object.keys(events) as readonly SlotEventType[];

export function anEvent<Type extends SlotEventType>(
  type: Type,
  changes: Partial<Extract<SlotEvent, { type: Type }>> = {},
): Extract<SlotEvent, { type: Type }> {
  return { ...events[type], ...changes };
}

/** Histories of a slot to begin an example with, each longer than the one before. */
const warm = [anEvent('SlotRegistered'), anEvent('ProcessStarted')];
const awaiting = [...warm, anEvent('AllocationRequested')];
const live = [...awaiting, anEvent('CallbackAcked')];
const idle = [...live, anEvent('WentActive'), anEvent('WentIdle')];
const deallocated = [...live, anEvent('DeallocationRequested')];
const cleared = [...deallocated, anEvent('SlotCleared')];

export const past = {
  cold: [anEvent('SlotRegistered')],
  warm,
  awaiting,
  live,
  idle,
  deallocated,
  cleared,
} as const satisfies Readonly<Record<string, readonly SlotEvent[]>>;

export function aRequest(changes: Partial<RequestAllocation> = {}): RequestAllocation {
  return {
    type: 'RequestAllocation',
    at: START,
    allocationId: 'match-1',
    attempt: 1,
    allocator: 'allocator-1',
    buildConfiguration: null,
    payload: JsonText.of({ map: 'docks' }),
    idleMs: null,
    terms: null,
    fresh: false,
    requestedBy: 'matchmaker',
    ...changes,
  };
}

/** A report of the slot's first claim: acknowledged, running, number of players unknown. */
export function aSession(changes: Partial<SessionReport> = {}): SessionReport {
  return {
    fence: 1,
    callback: { outcome: 'acked', answer: JsonText.of({ ready: true }), token: 'secret' },
    players: null,
    exit: null,
    crashes: 0,
    ...changes,
  };
}

/** A report of a free slot without a process that was never claimed. */
export function aReport(changes: Partial<SlotReport> = {}): SlotReport {
  return {
    offer: anOffer(),
    incarnation: START,
    process: null,
    session: null,
    clearedFence: 0,
    remark: '',
    heldUntil: null,
    failure: null,
    ...changes,
  };
}

/** The command that applies a report. */
export function reported(changes: Partial<SlotReport> = {}, at = START): ApplyReport {
  return { type: 'ApplyReport', at, report: aReport(changes) };
}

export function expire(at: number): Expire {
  return { type: 'Expire', at };
}

export function loseAgent(at = START): LoseAgent {
  return { type: 'LoseAgent', at };
}

export function setWarmth(warmth: boolean | null, at = START): SetWarmth {
  return { type: 'SetWarmth', at, warmth };
}

export function assign(assigned: Assignment | null, at = START): AssignConfiguration {
  return { type: 'AssignConfiguration', at, assigned };
}

export function deallocate(changes: Partial<Deallocate> = {}): Deallocate {
  return {
    type: 'Deallocate',
    at: START,
    allocationId: 'match-1',
    reason: 'the match is over',
    by: 'matchmaker',
    ...changes,
  };
}

export function direct(type: Direct['type'], at = START): Direct {
  return { type, at, reason: 'an upgrade', by: 'operator' };
}
