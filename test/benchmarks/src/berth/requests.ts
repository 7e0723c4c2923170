import { endpoints } from '#wire';
import type { Requests } from '../target.js';
import { region } from './setting.js';

export const requests: Requests = {
  subject: endpoints.allocate.subject.of({ region }),
  body: (allocationId) =>
    JSON.stringify({ allocationId, payload: { mode: 'duel', map: 'harbour' } }),
  isSuccess: (reply) => reply.startsWith('{"status":"allocated"'),
};
