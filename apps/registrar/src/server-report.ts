import {
  isAwaiting,
  statusOf,
  type GameProcess,
  type Offer,
  type ProcessExit,
  type SessionReport,
  type SlotContext,
  type SlotReport,
  type SlotState,
} from '#slot';
import { parse, reportMessage } from '#wire';
import { isCalledFor, unloggedSession, type Registration } from './registration.js';

/** Process id of a registered server, which runs on a machine without an agent. */
const PID_UNSEEN = 0;

const ZERO: ProcessExit = { exitCode: 0, signal: null };
const UNSEEN: ProcessExit = { exitCode: null, signal: null };

/**
 * Everything that is known of a registered server. The report goes through its schema, because
 * offers are compared as text: it must read as the log will return it.
 */
export function reportOf(
  state: SlotState,
  registration: Registration,
  offer: Offer,
  incarnation: number,
): SlotReport {
  const session = sessionOf(state, registration);
  const unlogged = unloggedSession(registration, state.context);
  const report: SlotReport = {
    offer,
    incarnation,
    process: session?.exit ? null : processOf(registration, offer),
    session,
    // Zero, because slots of registered servers are never cleared: after its session a slot is
    // retired.
    clearedFence: 0,
    remark: '',
    heldUntil: null,
    failure: null,
    ...(registration.by !== undefined && { registeredBy: registration.by }),
    ...(unlogged && { unlogged }),
  };
  return parse(reportMessage, { seen: 0, report }).report;
}

/** A registered server counts as running since its registration. */
function processOf({ registeredAt: startedAt }: Registration, offer: Offer): GameProcess {
  const { buildConfiguration } = offer;
  return { pid: PID_UNSEEN, startedAt, buildConfiguration, version: 0 };
}

function sessionOf(state: SlotState, registration: Registration): SessionReport | null {
  if (statusOf(state) !== 'allocated') return null;
  const { fence, allocation } = state.context;
  const exit = isAwaiting(state) ? null : exitOf(registration);
  const crashes = (allocation?.crashes ?? 0) + (exit !== null && exit.exitCode !== 0 ? 1 : 0);
  const callback = callbackOf(state.context, registration);
  const about = { fence, ...(allocation && { allocationId: allocation.id }) };
  return { ...about, callback, players: null, exit, crashes };
}

function callbackOf(claim: SlotContext, registration: Registration): SessionReport['callback'] {
  const { called, callback } = registration;
  if (called === null || !isCalledFor(registration, claim)) return { outcome: 'pending' };
  const { outcome } = called;
  return outcome.outcome === 'acked' ? { ...outcome, token: callback?.token ?? '' } : outcome;
}

/** A server that deregisters has ended well; how a replaced server ended is unknown. */
function exitOf({ departure }: Registration): ProcessExit | null {
  if (departure === 'deregistered') return ZERO;
  return departure === 'replaced' ? UNSEEN : null;
}
