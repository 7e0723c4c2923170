import { isNetwork } from '#callback-http';
import { rateText } from '#auth';
import { listOf } from '#service-runtime';
import { z } from 'zod';

const atLeastOne = z.coerce.number().int().positive();

/** What one address, and one access token, may take of the gateway. */
export const edgeSettings = {
  HTTP_CONNECTIONS_MAX: atLeastOne
    .default(10_000)
    .describe('connections that may be open at the same time; more are closed at once'),
  HTTP_ADDRESS_CONNECTIONS_MAX: atLeastOne
    .default(1_000)
    .describe('connections of one address (IPv6: of one /64); proxies are not limited so'),
  HTTP_PROXIES: listOf(z.string().refine(isNetwork, 'must be networks like 10.0.0.0/8'), 'networks')
    .default([])
    .describe(
      'networks of your reverse proxies: the requester is whom their `X-Forwarded-For` names',
    ),
  BERTH_FAILURE_RATE: rateText
    .prefault('10/100')
    .describe('failed authentications a second, and at once, of one address; then 429'),
  BERTH_TOKEN_STREAMS_MAX: atLeastOne
    .default(32)
    .describe('event streams that may be open with one access token at one gateway'),
};
