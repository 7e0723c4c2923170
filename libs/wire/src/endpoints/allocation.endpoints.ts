import {
  REQUEST_TIMEOUT_MS,
  allocationAnswer,
  fullAllocationRequest,
  cancelRequest,
  deallocationAnswer,
  deallocationRequest,
  doneRequest,
  reserveRequest,
} from '../messages/allocation.schema.js';
import {
  allocationResult,
  publishedRequest,
  refusalRecord,
  setAsideRecord,
} from '../messages/published.schema.js';
import { readinessAnswer, readinessRequest } from '../messages/readiness.schema.js';
import { asked, byAllocators, RECORDED_MS, stored, told } from './endpoint.js';

const allocated = {
  status: 'allocated' as const,
  allocationId: 'match-1',
  slot: 'local.machine-1.ctf-1',
  region: 'local',
  fleet: 'ctf',
  buildConfiguration: 'ctf',
  address: '192.0.2.7:20000',
  ip: '192.0.2.7',
  ports: { game: 20_000 },
  token: 'qgFPRBsa0Qb3',
  payload: { mood: 'ready' },
  allocatedAt: 1_790_000_000_000,
};
const wanted = { allocationId: 'match-1', attributes: { mode: 'ctf' }, payload: { map: 'docks' } };
const requesters = ['client', 'gateway'] as const;

export const allocationEndpoints = {
  allocate: asked({
    subject: 'allocate.<region>',
    description: 'a request for a server',
    // Over NATS the region is in the subject; the body may repeat it.
    request: fullAllocationRequest.partial({ region: true }),
    answer: allocationAnswer,
    askedBy: requesters,
    ...byAllocators,
    answerMs: ({ waitMs = 0, timeoutMs = REQUEST_TIMEOUT_MS.default }) => waitMs + timeoutMs,
    example: { request: wanted, answer: allocated },
  }),
  cancel: told({
    subject: 'cancel.<region>',
    description: 'cancels a request that waits',
    message: cancelRequest,
    toldBy: requesters,
    heardBy: ['allocator'],
    example: { allocationId: 'match-1' },
  }),
  deallocate: asked({
    subject: 'deallocate.<region>',
    description: 'a request to end an allocation',
    request: deallocationRequest.partial({ region: true }),
    answer: deallocationAnswer,
    askedBy: requesters,
    ...byAllocators,
    answerMs: RECORDED_MS,
    example: {
      request: { allocationId: 'match-1', reason: 'the match is over', by: 'lobby' },
      answer: { status: 'deallocated', allocationId: 'match-1', slot: allocated.slot },
    },
  }),
  readiness: asked({
    subject: 'readiness.<region>',
    description: 'a question whether a request for a server would be served now, and why not',
    request: readinessRequest,
    answer: readinessAnswer,
    askedBy: ['gateway'],
    ...byAllocators,
    answerMs: 1_000,
    example: { request: {}, answer: { status: 'ready' } },
  }),
  reserve: asked({
    subject: 'reserve.<region>.<agent>.<slot>',
    description: "a game's request for its own slot; the subject limits an agent to its own",
    request: reserveRequest,
    answer: allocationAnswer,
    askedBy: ['agent'],
    ...byAllocators,
    answerMs: ({ timeoutMs = REQUEST_TIMEOUT_MS.default }) => timeoutMs,
    example: { request: { allocationId: 'match-1' }, answer: allocated },
  }),
  done: asked({
    subject: 'done.<region>.<agent>.<slot>',
    description: "a game's request to end the session of its own slot",
    request: doneRequest,
    answer: deallocationAnswer,
    askedBy: ['agent'],
    ...byAllocators,
    answerMs: RECORDED_MS,
    example: {
      request: { allocationId: 'match-1', reason: 'the match is over' },
      answer: { status: 'deallocated', allocationId: 'match-1', slot: allocated.slot },
    },
  }),
  request: stored({
    subject: 'request.<region>',
    description: 'a request that is served as soon as possible; its requester need not wait',
    message: publishedRequest,
    stream: 'REQUESTS',
    writtenBy: requesters,
    readBy: ['allocator'],
    example: { ...wanted, waitMs: 60_000 },
  }),
  result: stored({
    subject: 'result.<region>.<id>',
    description:
      'the outcome of a published request, under its id in base64url without padding, kept for a day; under ' +
      '`asked <id>`, the request itself, recorded by its requester before it is published; under `probe of ' +
      'the store`, what an allocator writes after a failure to see whether there is room again',
    message: allocationResult,
    stream: 'OUTCOMES',
    writtenBy: ['allocator', ...requesters],
    readBy: ['allocator', ...requesters],
    example: {
      allocationId: 'match-1',
      publishedAt: 1_790_000_000_000,
      answeredAt: 1_790_000_000_450,
      answer: allocated,
    },
  }),
  refusal: stored({
    subject: 'refusal.<region>.<id>',
    description:
      'a request that was refused for lack of servers, with its requester and the reason, kept for a day',
    message: refusalRecord,
    stream: 'OUTCOMES',
    writtenBy: ['allocator'],
    readBy: ['gateway', 'operator'],
    example: {
      allocationId: 'match-1',
      region: 'local',
      by: 'lobby',
      fleet: 'ctf',
      buildConfiguration: null,
      attributes: { mode: 'ctf' },
      askedAt: 1_790_000_000_000,
      refusedAt: 1_790_000_000_450,
      code: 'none-available',
      message: 'no free slot fits',
      allocator: '1f0c2b9a',
    },
  }),
  setAside: stored({
    subject: 'setaside.<region>.<instant>',
    description: 'a published request that cannot be read, and why, kept for a day',
    message: setAsideRecord,
    stream: 'OUTCOMES',
    writtenBy: ['allocator'],
    readBy: ['operator'],
    example: { publishedAt: 1_790_000_000_000, reason: 'not JSON', body: '{"allocationId' },
  }),
};
