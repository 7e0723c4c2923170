import { rateText } from '#auth';
import { listOf, path, yesOrNo } from '#service-runtime';
import { z } from 'zod';

/** Shorter secrets could be guessed; vendors' are longer. */
const SECRET_LENGTH_MIN = 16;

const SECRETS_MAX = 16;

const secrets = listOf(
  z.string().regex(/^[\x21-\x2b\x2d-\x7e]+$/, 'must be printable characters without spaces'),
  'secrets',
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

/** Who may use the gateway, and over which kind of connection. */
export const accessSettings = {
  BERTH_TOKENS: path.optional().describe('file of access tokens, as `berth tokens` makes it'),
  GAMEFABRIC_ALLOCATOR_TOKENS: secrets.describe(
    'access tokens with the scope `allocate`; all are good, the last is the current one',
  ),
  GAMEFABRIC_REGISTRY_TOKENS: secrets.describe(
    'access tokens with the scope `register`; all are good, the last is the current one',
  ),
  BERTH_OPEN: yesOrNo
    .prefault('false')
    .describe('whether, without access tokens, all who can reach the gateway may do everything'),
  BERTH_RATE: rateText
    .prefault('100/200')
    .describe('requests a second, and at once, of an access token that has no rate of its own'),
  BERTH_REGISTER_RATE: rateText
    .prefault('1000/2000')
    .describe('the same for routes that register servers, which share an access token'),
  HTTPS_CERT: path.optional().describe('file of the certificate chain (PEM); makes it HTTPS'),
  HTTPS_KEY: path.optional().describe('file of its private key (PEM)'),
  BERTH_CORS_ORIGINS: listOf(origin, 'origins')
    .default([])
    .describe('web pages of these may use the API from a browser'),
};
