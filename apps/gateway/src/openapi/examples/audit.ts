import { AT, type Examples } from './example.js';
import { inventoryExamples } from './inventory.js';

const grounds = { fitted: 12, alike: 4, process: 'ready', passedOver: { allocated: 3 } };
const asked = { fleet: 'harbour' };

const attempt = {
  ...{ attempt: 1, slot: 'local.machine-1.1', sequence: 8, claimedAt: AT },
  ...{ allocator: 'allocator-1', buildConfiguration: 'harbour-1', version: 3, restored: false },
  ...{ grounds, answeredAt: AT + 20 },
  left: { by: 'ExitedZero', outcome: 'over', reason: '', at: AT + 360_000 },
  ...{ playersMax: 8, crashes: 0, clearedAt: AT + 361_000 },
};

const story = {
  ...{ allocationId: 'match-1', region: 'local', status: 'ended' },
  ...{ askedBy: 'lobby (api)', askedAt: AT, asked, requestBytes: 38, answerBytes: 15 },
  ...{ requestPayload: { map: 'docks', players: ['ann', 'ben'] }, payload: { map: 'docks' } },
  ...{ attempts: [attempt], refusal: null, unreadable: 0 },
  source: { kind: 'index', lagEvents: 0 },
};

const choice = {
  ...{ allocationId: 'match-1', attempt: 1, slot: 'local.machine-1.1', sequence: 8, at: AT },
  ...{ allocator: 'allocator-1', askedBy: 'lobby (api)', asked },
  ...{ recorded: grounds, recomputed: grounds, verdict: 'same', reasons: [], behind: null },
};

/** Examples of questions to the kept history. */
const drained = {
  ...{ sequence: 9, slot: 'local.machine-1.2', at: AT, event: 'DrainRequested' },
  ...{ by: 'ops: ann', reason: 'a kernel update' },
};

const sized = {
  ...{ setting: 'fleet', id: 'local.harbour', sequence: 7, at: AT, event: 'FleetSized' },
  ...{ by: 'ops: ann', reason: 'the weekend', size: { minAvailable: 2, max: 100, buffer: 5 } },
};

const before = {
  ...{ id: 'local.machine-1.1', fleet: 'harbour', status: 'allocated', phase: 'live' },
  ...{ buildConfiguration: 'harbour-1', address: '192.0.2.1:7777', pending: null },
  agentLost: false,
  allocation: { allocationId: 'match-1', attempt: 1, requestedBy: 'lobby (api)', requestedAt: AT },
  ...{ claims: 7, sequence: 9, event: 'CallbackAcked', at: AT + 20 },
};

const after = {
  ...{ ...before, status: 'available', phase: 'warm', allocation: null },
  ...{ sequence: 12, event: 'SlotCleared', at: AT + 361_000 },
};

const span = { region: 'local', from: AT + 60_000, to: AT + 420_000 };

export const auditExamples: Examples = {
  past_at: {
    answers: { 200: { region: 'local', at: AT + 60_000, slots: [before], unknown: [] } },
  },
  past_diff: {
    answers: {
      200: {
        ...{ ...span, slots: 4, changedSlots: 1, changedBack: 1, claims: 1, unknown: [] },
        changed: [{ id: before.id, before, after, differs: ['status', 'allocation'], claims: 0 }],
      },
    },
  },
  actions_list: {
    answers: { 200: { actions: [drained], changes: [sized], next: `9.${AT}`, readTo: AT } },
  },
  audit_slot: {
    answers: {
      200: {
        slot: inventoryExamples['slots_get']?.answers?.[200],
        ...{ at: AT + 60_000, since: AT, event: 'AllocationRequested', by: 'lobby (api)' },
        writtenBy: 'berth/allocator/allocator-1',
      },
    },
  },
  audit_allocation: { answers: { 200: story } },
  audit_forget: { answers: { 200: { allocationId: 'match-1', region: 'local' } } },
  audit_why: { answers: { 200: { allocationId: 'match-1', region: 'local', choices: [choice] } } },
};
