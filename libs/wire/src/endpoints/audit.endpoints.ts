import {
  actionsIndexed,
  actionsRequest,
  claimsAnswer,
  claimsRequest,
  indexAnswer,
  indexRequest,
} from '../messages/audit.schema.js';
import { asked } from './endpoint.js';

const byAuditors = { askedBy: ['gateway'], servedBy: 'auditor', queue: 'auditors' } as const;

const index = {
  region: 'local',
  ...{ readTo: 1_204_117, readAt: 1_790_000_000_000, lagEvents: 0 },
  ...{ claims: 241_003, bytes: 78_643_200, building: null },
  built: { at: 1_789_900_000_000, events: 1_190_000, eventsPerSecond: 48_000 },
};

export const auditEndpoints = {
  indexedClaims: asked({
    ...byAuditors,
    subject: 'audit.allocations.<region>',
    description: 'asks the index for allocations by id, time, owner, end or reason',
    request: claimsRequest,
    answer: claimsAnswer,
    // A reason is looked for in all claims of the time that is asked for.
    answerMs: 10_000,
    example: {
      request: { endedBy: 'Crashed', limit: 100 },
      answer: {
        status: 'claims',
        claims: [
          {
            ...{ allocationId: 'match-1', slot: 'local.machine-1.1', sequence: 8, attempt: 1 },
            ...{ requestedBy: 'lobby', fleet: 'harbour', buildConfiguration: 'harbour-1' },
            ...{ requestedAt: 1_790_000_000_000, acknowledgedAt: 1_790_000_000_020 },
            end: {
              ...{ sequence: 12, at: 1_790_000_360_000, by: 'Crashed', outcome: 'over' },
              reason: 'SIGSEGV, the session ends',
            },
          },
        ],
        lagEvents: 0,
      },
    },
  }),
  indexedActions: asked({
    ...byAuditors,
    subject: 'audit.actions.<region>',
    description: 'asks the index for what was done to slots because somebody asked for it',
    request: actionsRequest,
    answer: actionsIndexed,
    answerMs: 10_000,
    example: {
      request: { by: 'ops', requests: false, after: 0, limit: 100 },
      answer: {
        ...{ status: 'actions', isWhole: true, readTo: 1_204_117 },
        actions: [
          {
            ...{ sequence: 9, slot: 'local.machine-1.2', at: 1_790_000_000_000 },
            ...{ event: 'DrainRequested', by: 'ops (api): ann', reason: 'a kernel update' },
          },
        ],
      },
    },
  }),
  indexState: asked({
    ...byAuditors,
    subject: 'audit.index.<region>',
    description: 'asks how large the index is, and how far behind the log',
    request: indexRequest,
    answer: indexAnswer,
    answerMs: 5_000,
    example: { request: {}, answer: { status: 'index', index } },
  }),
  rebuildIndex: asked({
    ...byAuditors,
    subject: 'audit.rebuild.<region>',
    description: 'asks an auditor to build the index anew, from the archive and the log',
    request: indexRequest,
    answer: indexAnswer,
    answerMs: 5_000,
    example: {
      request: {},
      answer: {
        status: 'index',
        index: {
          ...index,
          building: { readTo: 0, end: 1_204_117, events: 0, eventsPerSecond: 0 },
        },
      },
    },
  }),
};
