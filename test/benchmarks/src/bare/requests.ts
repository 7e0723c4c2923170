import type { Requests } from '../target.js';
import { allocateSubject, type Allocate } from './wire.js';

export const requests: Requests = {
  subject: allocateSubject,
  body: (allocationId) =>
    JSON.stringify({
      allocationId,
      region: 'eu',
      fleet: 'harbour',
      payload: { mode: 'duel', map: 'harbour' },
    } satisfies Allocate),
  isSuccess: (reply) => reply.startsWith('{"kind":"granted"'),
};
