import { JsonText } from '#json';
import { endBy, type EndEventType } from './slot.ends.js';
import type { SlotEvent } from './slot.events.js';
import type { FailedStarts, GameProcess } from './slot.parts.js';
import type { Allocation, SlotContext } from './slot.state.js';

/** How each event changes a slot's context: one small function per event. */
type Change<Event = { readonly at: number }> = (context: SlotContext, event: Event) => SlotContext;

export const registered: Change<SlotEvent<'SlotRegistered'>> = (
  context,
  { offer, incarnation, fence, numbers },
) => ({
  ...context,
  ...(numbers !== undefined && { numbers: { ...context.numbers, ...numbers } }),
  offer,
  incarnation,
  fence: Math.max(context.fence, fence),
  // Somebody may have repaired the machine before they restarted the agent.
  failedStarts: incarnation > context.incarnation ? null : context.failedStarts,
});

export const running: Change<SlotEvent<'ProcessStarted'>> = (context, { process }) => ({
  ...context,
  process,
  failure: null,
});

export const notRunning: Change<unknown> = (context) => ({
  ...context,
  process: null,
  failure: null,
});

export const checkFailed: Change<SlotEvent<'CheckFailed'>> = (context, event) => {
  const { failure } = event;
  return { ...context, failure, failedStarts: counted(context, event, failure.reason) };
};

export const claimed: Change<SlotEvent<'AllocationRequested'>> = (context, event) => {
  const { type: _, at, allocationId: id, sessionMs, asked: __, grounds: ___, ...terms } = event;
  return {
    ...context,
    fence: context.fence + 1,
    allocation: {
      id,
      ...terms,
      requestedAt: at,
      idleUntil: null,
      sessionUntil: sessionMs === null ? null : at + sessionMs,
      acknowledgedAt: null,
      answer: JsonText.null,
      token: null,
      crashes: 0,
    },
  };
};

export const acknowledged: Change<SlotEvent<'CallbackAcked'>> = (context, event) =>
  amended(begun(context, event.process), (allocation) => ({
    acknowledgedAt: event.at,
    answer: event.answer,
    token: event.token,
    ...(event.tokenEncrypted && { tokenEncrypted: true }),
    idleUntil: event.at + allocation.idleMs,
  }));

export const playersCame: Change = (context) => amended(context, () => ({ idleUntil: null }));

export const playersLeft: Change = (context, { at }) =>
  amended(context, ({ idleMs }) => ({ idleUntil: at + idleMs }));

export const crashed: Change = (context) =>
  amended({ ...context, process: null, failure: null }, ({ crashes }) => ({
    crashes: crashes + 1,
  }));

export const restored: Change<SlotEvent<'SessionRestored'>> = (context, event) => {
  const { allocation, fence } = event;
  return { ...begun(context, event.process), allocation, fence };
};

/** The session is over. The allocation stays readable until the slot is cleared. */
export const ended: Change<SlotEvent<EndEventType>> = (context, event) => {
  const { outcome, isProcessGone } = endBy(event);
  const { allocation } = context;
  const reason = 'reason' in event ? event.reason : '';
  const after = {
    ...context,
    process: isProcessGone ? null : context.process,
    failedStarts: 'failedStarts' in event ? counted(context, event, reason) : context.failedStarts,
  };
  if (allocation === null) return after;
  return {
    ...after,
    lastEnd: {
      allocationId: allocation.id,
      attempt: allocation.attempt,
      by: event.type,
      outcome,
      reason,
      at: event.at,
    },
  };
};

export const exitedAndCleared: Change<SlotEvent<'ExitedZero'>> = (context, event) =>
  clean(ended(context, event), event.cleared?.process ?? null);

export const cleared: Change<SlotEvent<'SlotCleared'>> = (context, { process }) =>
  clean(context, process);

export const intending =
  (pending: SlotContext['pending']): Change<unknown> =>
  (context) => ({ ...context, pending });

export const warmthSet: Change<SlotEvent<'WarmthSet'>> = (context, { warmth }) => ({
  ...context,
  warmth,
});

/** Resets the failures: they belong to the configuration before. */
export const assigned: Change<SlotEvent<'ConfigurationAssigned'>> = (context, event) => ({
  ...context,
  assigned: event.assigned,
  failure: null,
  failedStarts: null,
});

export const holdSet: Change<SlotEvent<'HoldSet'>> = (context, { until }) => ({
  ...context,
  heldUntil: until,
});

/** Changes nothing: the event only puts who and why into the history. */
export const repaired: Change<unknown> = (context) => context;

export const agentLost: Change<unknown> = (context) => ({ ...context, agentLost: true });

export const agentReturned: Change<SlotEvent<'AgentReturned'>> = (context, { incarnation }) => ({
  ...context,
  incarnation,
  agentLost: false,
});

/** An operator put the slot back into service: the cause of earlier failures may be repaired. */
export const putBack: Change<unknown> = (context) => ({ ...context, failedStarts: null });

function clean(context: SlotContext, process: GameProcess | null): SlotContext {
  return { ...context, process, allocation: null, pending: null, failure: null };
}

function begun(context: SlotContext, process: GameProcess | null): SlotContext {
  return { ...context, process: process ?? context.process, failedStarts: null };
}

function counted(
  { failedStarts }: SlotContext,
  { failedStarts: count, at }: { readonly failedStarts: number; readonly at: number },
  reason: string,
): FailedStarts | null {
  return count === 0 ? failedStarts : { count, reason, at };
}

function amended(
  context: SlotContext,
  change: (allocation: Allocation) => Partial<Allocation>,
): SlotContext {
  const { allocation } = context;
  if (allocation === null) return context;
  return { ...context, allocation: { ...allocation, ...change(allocation) } };
}

/**
 * When a limit of the current allocation passes (epoch ms); `Infinity` while the limit does not
 * run.
 */
export function limitEnd({ allocation }: SlotContext, limit: 'idle' | 'session'): number {
  const end = limit === 'idle' ? allocation?.idleUntil : allocation?.sessionUntil;
  return end ?? Infinity;
}
