import { openNatsRequester } from '../nats-requester.js';
import type { OpenRequester } from '../target.js';
import { allocateSubject, type Allocate, type BareParameters } from './wire.js';

export const open: OpenRequester<BareParameters> = ({ natsUrl }) =>
  openNatsRequester(
    natsUrl,
    allocateSubject,
    (allocationId) => {
      const payload = { mode: 'duel', map: 'harbour' };
      const request: Allocate = { allocationId, region: 'eu', fleet: 'harbour', payload };
      return JSON.stringify(request);
    },
    '{"kind":"granted"',
  );
