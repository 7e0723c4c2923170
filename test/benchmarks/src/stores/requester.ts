import { openNatsRequester } from '../nats-requester.js';
import type { OpenRequester } from '../target.js';
import { subjectsOf, type StoreParameters } from './store.js';

export const open: OpenRequester<StoreParameters> = ({ natsUrl, name }) =>
  openNatsRequester(
    natsUrl,
    subjectsOf(name).allocate,
    (allocationId) => {
      const payload = { mode: 'duel', map: 'harbour' };
      return JSON.stringify({ allocationId, region: 'eu', fleet: 'harbour', payload });
    },
    '{"kind":"granted"',
  );
