import { rateText } from '#auth';
import { listOf } from '#service-runtime';
import { resolve } from 'node:path';
import { z } from 'zod';

/** Shorter ones could be guessed; vendors' are longer. */
const SECRET_LENGTH_MIN = 16;

const SECRETS_MAX = 16;

const path = z.string().transform((text) => resolve(text));

const secrets = listOf(
  z.string().regex(/^[\x21-\x2b\x2d-\x7e]+$/, 'must be printable characters without spaces'),
)
  .refine((list) => list.length <= SECRETS_MAX, `at most ${SECRETS_MAX} tokens`)
  .refine(
    (list) => list.every(({ length }) => length >= SECRET_LENGTH_MIN),
    `a token must have ${SECRET_LENGTH_MIN} characters or more`,
  )
  .default([]);

const origin = z
  .string()
  .regex(/^https?:\/\/[^/\s]+$/, 'must be an origin like https://tools.example.com');

/** Who may use the gateway, and over what kind of connection. */
export const accessSettings = {
  BERTH_TOKENS: path.optional().describe('file of access tokens, as `berth tokens` makes it'),
  GAMEFABRIC_ALLOCATOR_TOKENS: secrets.describe(
    'secrets with the scope allocate, comma separated; all are good, the last is the current one',
  ),
  GAMEFABRIC_REGISTRY_TOKENS: secrets.describe(
    'secrets with the scope register, comma separated; all are good, the last is the current one',
  ),
  BERTH_OPEN: z
    .enum(['true', 'false'])
    .transform((word) => word === 'true')
    .default(false)
    .describe('whether everybody may do everything, from wherever the gateway can be reached'),
  BERTH_RATE: rateText
    .default({ qps: 100, burst: 200 })
    .describe('requests a second, and at once, of a token that has no rate of its own'),
  BERTH_REGISTER_RATE: rateText
    .default({ qps: 1_000, burst: 2_000 })
    .describe('the same for routes that register: game servers share a token'),
  HTTPS_CERT: path.optional().describe('file of the certificate chain (PEM); makes it HTTPS'),
  HTTPS_KEY: path.optional().describe('file of its private key (PEM)'),
  BERTH_CORS_ORIGINS: listOf(origin)
    .default([])
    .describe('origins whose pages may use the API from a browser, comma separated'),
};
