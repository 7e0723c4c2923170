import { endpoints, parse, resultSubject } from '#wire';
import type { z } from 'zod';

const { allocate, cancel, deallocate, request, result } = endpoints;

const region = 'local';

const AT = 1_767_225_600_000;

const granted = {
  status: 'allocated',
  slot: 'local.machine-1.3',
  region,
  fleet: 'harbour',
  buildConfiguration: 'harbour-1',
  address: '192.0.2.1:7777',
  ip: '192.0.2.1',
  ports: { game: 7777, query: 7778 },
  token: 'e9b1f7a2-4c39-4a5e-8f0e-0a4f4f2c9d11',
  payload: { map: 'docks' },
};

/** A worked example of a message on a subject, checked by its schema. */
export interface SubjectExample {
  readonly subject: string;
  readonly says: object;
}

/**
 * Throws if the example does not fit the schema, so that the page never shows what Berth would
 * refuse.
 */
function example(subject: string, schema: z.ZodType, says: object): SubjectExample {
  parse(schema, says);
  return { subject, says };
}

/**
 * One match that is waited for, and one that is left behind, in the order of a matchmaker's day.
 */
export const SUBJECT_EXAMPLES = {
  ask: example(allocate.subject.of({ region }), allocate.request, {
    allocationId: 'match-1',
    attributes: {},
    payload: { map: 'docks', players: ['ann', 'ben'] },
    waitMs: 10_000,
    timeoutMs: 15_000,
  }),
  granted: example('_INBOX.x', allocate.answer, {
    ...granted,
    allocationId: 'match-1',
    allocatedAt: AT,
  }),
  refused: example('_INBOX.x', allocate.answer, {
    status: 'refused',
    allocationId: 'match-1',
    code: 'none-available',
    message: 'no slot that fits became free within 10000 ms',
    grounds: { passedOver: { taken: 1 } },
  }),
  cancel: example(cancel.subject.of({ region }), cancel.message, { allocationId: 'match-1' }),
  end: example(deallocate.subject.of({ region }), deallocate.request, {
    allocationId: 'match-1',
    reason: 'the match is over',
    by: 'lobby',
  }),
  ended: example('_INBOX.x', deallocate.answer, {
    status: 'deallocated',
    allocationId: 'match-1',
    slot: 'local.machine-1.3',
  }),
  leave: example(request.subject.of({ region }), request.message, {
    allocationId: 'match-2',
    payload: { map: 'docks' },
    waitMs: 60_000,
  }),
  result: example(resultSubject(region, 'match-2'), result.message, {
    allocationId: 'match-2',
    publishedAt: AT,
    answeredAt: AT + 40,
    answer: { ...granted, allocationId: 'match-2', allocatedAt: AT + 39 },
  }),
} as const;
