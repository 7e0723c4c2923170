import { endpoints } from '#wire';
import { openNatsRequester } from '../nats-requester.js';
import type { OpenRequester } from '../target.js';
import { region as usual } from './setting.js';

export const open: OpenRequester<{ readonly natsUrl: string; readonly region?: string }> = ({
  natsUrl,
  region = usual,
}) =>
  openNatsRequester(
    natsUrl,
    endpoints.allocate.subject.of({ region }),
    (allocationId) => JSON.stringify({ allocationId, payload: { mode: 'duel', map: 'harbour' } }),
    '{"status":"allocated"',
  );
