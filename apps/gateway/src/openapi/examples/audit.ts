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

export const auditExamples: Examples = {
  actions_list: { answers: { 200: { actions: [drained], next: '9', readTo: AT } } },
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
  audit_why: { answers: { 200: { allocationId: 'match-1', region: 'local', choices: [choice] } } },
};
