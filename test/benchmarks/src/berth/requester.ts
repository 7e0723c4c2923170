import { endpoints } from '#wire';
import type { NatsLogin } from '#jetstream';
import { openNatsRequester } from '../nats-requester.js';
import type { OpenRequester } from '../target.js';
import { region as usual } from './setting.js';

interface Address {
  readonly natsUrl: string;
  readonly region?: string;
  readonly login?: NatsLogin;
}

export const open: OpenRequester<Address> = ({ natsUrl, region = usual, login }) =>
  openNatsRequester(
    natsUrl,
    endpoints.allocate.subject.of({ region }),
    (allocationId) => JSON.stringify({ allocationId, payload: { mode: 'duel', map: 'harbour' } }),
    '{"status":"allocated"',
    login,
  );
