import { jsonText } from '#json';
import type {
  Allocation,
  AllocationEnd,
  Assignment,
  CheckFailure,
  GameProcess,
  Offer,
  SlotContext,
  SlotEvent,
  SlotLimits,
  SlotReport,
  SlotState,
  SlotValue,
} from '#slot';
import { z } from 'zod';
import { TOKEN } from '../subjects/names.js';

/*
 * The storage format. Fields may be added, with a default for what was recorded before; none is
 * ever renamed or removed, for recorded histories are replayed for ever.
 */

const instant = z.number();
const durationMs = z.number().positive();
export const token = z.string().regex(TOKEN, 'must be 1 to 64 letters, digits, - or _');
const words = z.record(z.string(), z.string());

const limits = z.object({
  callbackMs: durationMs,
  coldStartMs: durationMs,
  idleMs: durationMs,
  sessionMs: durationMs.nullable(),
  restartsMax: z.int().nonnegative(),
}) satisfies z.ZodType<SlotLimits>;

const offer = z.object({
  fleet: z.string(),
  buildConfiguration: z.string(),
  attributes: words,
  requiredAttributes: z.array(z.string()),
  priority: z.number(),
  address: z.string(),
  ip: z.string(),
  ports: z.record(z.string(), z.int().min(0).max(65_535)),
  limits,
  runsAny: z.boolean().default(false),
}) satisfies z.ZodType<Offer>;

const version = z.int().nonnegative();
const assignment = z.object({
  buildConfiguration: z.string(),
  version,
}) satisfies z.ZodType<Assignment>;

const checkFailure = z.object({
  check: z.string(),
  reason: z.string(),
  failedAt: instant,
}) satisfies z.ZodType<CheckFailure>;

const gameProcess = z.object({
  pid: z.int(),
  startedAt: instant,
  buildConfiguration: z.string(),
  version: version.default(0),
}) satisfies z.ZodType<GameProcess>;

const happened = <Type extends SlotEvent['type']>(type: Type) => ({
  type: z.literal(type),
  at: instant,
});
const wanted = { reason: z.string(), by: z.string() };

export const slotEvent = z.discriminatedUnion('type', [
  z.object({ ...happened('SlotRegistered'), offer, incarnation: instant }),
  z.object({ ...happened('SlotRetired'), reason: z.string() }),
  z.object({ ...happened('ProcessStarted'), process: gameProcess }),
  z.object({ ...happened('ProcessStopped'), reason: z.string() }),
  z.object({
    ...happened('AllocationRequested'),
    allocationId: z.string(),
    attempt: z.int(),
    allocator: token,
    buildConfiguration: z.string(),
    payload: jsonText,
    callbackUntil: instant,
    idleMs: durationMs,
    sessionMs: durationMs.nullable(),
    version: version.default(0),
    restartsMax: z.int().nonnegative().nullable().default(null),
    readiness: z.boolean().default(false),
    fresh: z.boolean().default(false),
  }),
  z.object({
    ...happened('CallbackAcked'),
    answer: jsonText,
    token: z.string(),
    process: gameProcess.nullable(),
  }),
  z.object({ ...happened('CallbackRefused'), reason: z.string() }),
  z.object(happened('CallbackTimedOut')),
  z.object({
    ...happened('WentActive'),
    players: z.int(),
    uncounted: z.string().exactOptional(),
  }),
  z.object(happened('WentIdle')),
  z.object(happened('ExitedZero')),
  z.object({
    ...happened('Crashed'),
    exitCode: z.int().nullable(),
    signal: z.string().nullable(),
    consequence: z.enum(['restart', 'end']),
  }),
  z.object({ ...happened('TtlExpired'), limit: z.enum(['idle', 'session']) }),
  z.object({ ...happened('DeallocationRequested'), ...wanted }),
  z.object({
    ...happened('SlotCleared'),
    process: gameProcess.nullable(),
    remark: z.string().default(''),
  }),
  z.object({ ...happened('CheckFailed'), failure: checkFailure }),
  z.object({ ...happened('DrainRequested'), ...wanted }),
  z.object({ ...happened('DrainWithdrawn'), ...wanted }),
  z.object({ ...happened('MaintenanceRequested'), ...wanted }),
  z.object({ ...happened('MaintenanceEnded'), ...wanted }),
  z.object({ ...happened('WarmthSet'), warmth: z.boolean().nullable() }),
  z.object({ ...happened('ConfigurationAssigned'), assigned: assignment.nullable() }),
  z.object({ ...happened('HoldSet'), until: instant.nullable() }),
  z.object(happened('AgentLost')),
  z.object({ ...happened('AgentReturned'), incarnation: instant }),
]) satisfies z.ZodType<SlotEvent>;

const allocation = z.object({
  id: z.string(),
  attempt: z.int(),
  allocator: token,
  buildConfiguration: z.string(),
  payload: jsonText,
  requestedAt: instant,
  callbackUntil: instant,
  idleMs: durationMs,
  idleUntil: instant.nullable(),
  sessionUntil: instant.nullable(),
  acknowledgedAt: instant.nullable(),
  answer: jsonText,
  token: z.string().nullable(),
  crashes: z.int(),
  version: version.default(0),
  restartsMax: z.int().nonnegative().nullable().default(null),
  readiness: z.boolean().default(false),
  fresh: z.boolean().default(false),
}) satisfies z.ZodType<Allocation>;

const allocationEnd = z.object({
  allocationId: z.string(),
  attempt: z.int(),
  by: z.string(),
  reason: z.string(),
  at: instant,
}) satisfies z.ZodType<AllocationEnd>;

const context = z.object({
  offer: offer.nullable(),
  incarnation: instant,
  process: gameProcess.nullable(),
  fence: z.int().nonnegative(),
  allocation: allocation.nullable(),
  lastEnd: allocationEnd.nullable(),
  pending: z.enum(['drain', 'maintenance']).nullable(),
  agentLost: z.boolean(),
  warmth: z.boolean().nullable().default(null),
  assigned: assignment.nullable().default(null),
  heldUntil: instant.nullable().default(null),
  failure: checkFailure.nullable().default(null),
}) satisfies z.ZodType<SlotContext>;

const value = z.union([
  z.object({ available: z.enum(['cold', 'warm']) }),
  z.object({ allocated: z.enum(['awaiting', 'live', 'idle']) }),
  z.enum(['unregistered', 'deallocated', 'drained', 'maintenance', 'retired']),
]) satisfies z.ZodType<SlotValue>;

export const slotState = z.object({ value, context }) satisfies z.ZodType<SlotState>;

const slotReport = z.object({
  offer,
  incarnation: instant,
  process: gameProcess.nullable(),
  session: z
    .object({
      fence: z.int(),
      callback: z.discriminatedUnion('outcome', [
        z.object({ outcome: z.literal('pending') }),
        z.object({ outcome: z.literal('acked'), answer: jsonText, token: z.string() }),
        z.object({ outcome: z.literal('refused'), reason: z.string() }),
      ]),
      players: z.int().nonnegative().nullable(),
      uncounted: z.string().exactOptional(),
      exit: z.object({ exitCode: z.int().nullable(), signal: z.string().nullable() }).nullable(),
      crashes: z.int().nonnegative(),
    })
    .nullable(),
  clearedFence: z.int(),
  remark: z.string().default(''),
  heldUntil: instant.nullable().default(null),
  failure: checkFailure.nullable().default(null),
}) satisfies z.ZodType<SlotReport>;

/** What an agent says of one slot; the slot itself is named by the subject. */
export interface ReportMessage {
  /** Sequence of the slot's last event that the agent had seen; whoever decides must know it too. */
  readonly seen: number;
  readonly report: SlotReport;
}

export const reportMessage = z.object({
  seen: z.int().nonnegative(),
  report: slotReport,
}) satisfies z.ZodType<ReportMessage>;
