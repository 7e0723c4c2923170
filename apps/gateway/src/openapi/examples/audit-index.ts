import { AT, type Examples } from './example.js';

const state = {
  region: 'local',
  ...{ readTo: 1_204_117, readAt: AT, lagEvents: 0, claims: 241_003, bytes: 78_643_200 },
  built: { at: AT - 86_400_000, events: 1_190_000, eventsPerSecond: 48_000 },
};

export const auditIndexExamples: Examples = {
  auditIndex_list: {
    answers: {
      200: {
        allocations: [
          {
            ...{ allocationId: 'match-1', slot: 'local.machine-1.1', sequence: 8, attempt: 1 },
            ...{ requestedBy: 'lobby', fleet: 'harbour', buildConfiguration: 'harbour-1' },
            ...{ requestedAt: AT, acknowledgedAt: AT + 20 },
            end: {
              ...{ sequence: 12, at: AT + 360_000, by: 'Crashed', outcome: 'over' },
              reason: 'SIGSEGV, the session ends',
            },
          },
        ],
        next: `${AT}.8`,
        lagEvents: 0,
      },
    },
  },
  auditIndex_states: { answers: { 200: { indexes: [{ ...state, building: null }] } } },
  auditIndex_rebuild: {
    answers: {
      202: {
        ...state,
        building: { readTo: 0, end: 1_204_117, events: 0, eventsPerSecond: 0 },
      },
    },
  },
};
