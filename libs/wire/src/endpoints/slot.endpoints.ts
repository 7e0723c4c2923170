import { slotEvent, slotState } from '#slot';
import { beat } from '../messages/beat.schema.js';
import { operationAnswer, operationRequest } from '../messages/operations.schema.js';
import { reportMessage, unloggedAnswer, unloggedRequest } from '../messages/report.schema.js';
import { recorded } from '../storage/recorded.schema.js';
import { ALLOCATORS, asked, byAllocators, RECORDED_MS, stored, told } from './endpoint.js';

const reported = {
  message: reportMessage,
  toldBy: ['agent', 'registrar'] as const,
  heardBy: ['allocator'] as const,
  queue: ALLOCATORS,
  example: {
    seen: 12,
    report: {
      offer: {
        fleet: 'ctf',
        buildConfiguration: 'ctf',
        address: '192.0.2.7:20000',
        ip: '192.0.2.7',
        ports: { game: 20_000 },
        attributes: { mode: 'ctf' },
        requiredAttributes: [],
        priority: 0,
        limits: {
          ...{ callbackMs: 5_000, coldStartMs: 30_000, idleMs: 3_600_000 },
          ...{ sessionMs: null, restartsMax: 3 },
        },
      },
      incarnation: 1_790_000_000_000,
      process: null,
      session: null,
      clearedFence: 3,
    },
  },
};

export const slotEndpoints = {
  slot: stored({
    subject: 'slot.<region>.<agent>.<slot>',
    description: "the slot's history: one CloudEvents document per event",
    ...recorded(slotEvent, slotState),
    stream: 'SLOTS',
    writtenBy: ['allocator'],
    readBy: ['allocator', 'agent', 'registrar', 'gateway', 'auditor'],
    repeatedTo: ['agent', 'registrar', 'gateway', 'client', 'operator', 'auditor'],
  }),
  operate: asked({
    subject: 'direct.<region>',
    description: "an operator's request concerning a slot, or all slots of an agent",
    request: operationRequest,
    answer: operationAnswer,
    askedBy: ['gateway', 'registrar', 'operator'],
    ...byAllocators,
    answerMs: RECORDED_MS,
    example: {
      request: {
        ...{ region: 'local', agent: 'machine-1', slot: 'ctf-1' },
        ...{ direction: 'drain', reason: 'an upgrade', by: 'ann' },
      },
      answer: { status: 'directed', slots: [{ slot: 'local.machine-1.ctf-1', outcome: 'done' }] },
    },
  }),
  beat: told({
    subject: 'beat.<region>.<agent>',
    description: "an agent's sign of life, once a second; never in the log",
    message: beat,
    toldBy: ['agent', 'registrar'],
    heardBy: ['allocator', 'gateway'],
    example: {
      ...{ incarnation: 1_790_000_000_000, version: '0.3.0' },
      disk: { freeBytes: 80_000_000_000, totalBytes: 250_000_000_000 },
    },
  }),
  /**
   * The subject names the slot, not the body, so that permissions on subjects limit an agent to its
   * own slots.
   */
  report: told({
    subject: 'report.<region>.<agent>.<slot>',
    description: 'everything that an agent sees of a slot, repeated until the log shows it',
    ...reported,
  }),
  unlogged: asked({
    subject: 'unlogged.<region>.<agent>',
    description: 'a request for the sessions of an agent that the log has lost',
    request: unloggedRequest,
    answer: unloggedAnswer,
    askedBy: ['allocator'],
    servedBy: 'agent',
    // The agent reads its slots' current states from the log first.
    answerMs: 2_000,
    example: { request: {}, answer: { status: 'told', slots: [] } },
  }),
  reportToClaimer: told({
    subject: 'report.<region>.<agent>.<slot>.<allocator>',
    description: 'the same, to the allocator that claimed the slot',
    ...reported,
  }),
};
