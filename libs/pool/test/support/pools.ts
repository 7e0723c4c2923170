import { JsonText } from '#json';
import type { Random } from '#kernel';
import { Pool } from '#pool';
import { slot, type SlotCommand, type SlotState } from '#slot';
import { slotOfSubject } from '#wire';

const agentOf = (subject: string) => slotOfSubject(subject).agent;
const first: Random = { fraction: () => 0, id: () => 'id' };

const offer = {
  fleet: 'arena',
  buildConfiguration: 'v1',
  attributes: {},
  requiredAttributes: [],
  priority: 0,
  address: '127.0.0.1:7000',
  ip: '127.0.0.1',
  ports: { game: 7000 },
  limits: {
    callbackMs: 1_000,
    coldStartMs: 5_000,
    idleMs: 60_000,
    sessionMs: null,
    restartsMax: 0,
  },
  runsAny: false,
};

export const unremarkable = { remark: '', heldUntil: null, failure: null };

type Offer = Partial<Omit<typeof offer, 'attributes' | 'requiredAttributes'>> & {
  attributes?: Record<string, string>;
  requiredAttributes?: string[];
};

export function after(state: SlotState, command: SlotCommand): SlotState {
  const decision = slot.decide(state, command);
  if (decision.kind === 'refused') throw new Error(decision.refusal.message);
  return decision.steps.at(-1)?.state ?? state;
}

export function registered(change: Offer = {}, warm = true): SlotState {
  const process = warm ? { pid: 1, startedAt: 1, buildConfiguration: 'v1', version: 0 } : null;
  return after(slot.initial, {
    type: 'ApplyReport',
    at: 1,
    report: {
      offer: { ...offer, ...change },
      incarnation: 1,
      process,
      session: null,
      clearedFence: 0,
      ...unremarkable,
    },
  });
}

export function claimed(state: SlotState, allocationId = 'match-1'): SlotState {
  return after(state, {
    type: 'RequestAllocation',
    at: 10,
    allocationId,
    attempt: 1,
    allocator: 'a1',
    buildConfiguration: null,
    payload: JsonText.null,
    idleMs: null,
    terms: null,
    fresh: false,
    requestedBy: 'matchmaker',
  });
}

/** A pool that knows these slots, given by their subjects. */
export function poolOf(slots: Record<string, SlotState>): Pool {
  const pool = new Pool({ random: first, agentOf });
  let sequence = 0;
  for (const [subject, state] of Object.entries(slots)) {
    pool.apply({ subject, sequence: (sequence += 1), at: 0, state });
  }
  return pool;
}

export const anything = { attributes: {} };
