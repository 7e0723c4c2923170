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
  BERTH_TOKENS: path.optional().describe('file of access tokens, as made by `berth tokens`'),
  BERTH_JWT_KEYS: path
    .optional()
    .describe(
      'file of the keys of JSON Web Tokens, one on each line: the first signs, all are valid; without it each gateway has a key of its own until it ends',
    ),
  GAMEFABRIC_ALLOCATOR_TOKENS: secrets.describe(
    'access tokens with the scope `allocate`; all are valid, the last is the current one',
  ),
  GAMEFABRIC_REGISTRY_TOKENS: secrets.describe(
    'access tokens with the scope `register`; all are valid, the last is the current one',
  ),
  BERTH_OPEN: yesOrNo
    .prefault('false')
    .describe(
      'whether, without access tokens, everybody who can reach the gateway may do everything',
    ),
  BERTH_RATE: rateText
    .prefault('100/200')
    .describe(
      'requests a second, and requests at once, for an access token without a rate of its own',
    ),
  BERTH_REGISTER_RATE: rateText
    .prefault('1000/2000')
    .describe(
      'the same for the routes that register servers, where many servers share one access token',
    ),
  HTTPS_CERT: path
    .optional()
    .describe('file of the certificate chain (PEM); with it the gateway serves HTTPS'),
  HTTPS_KEY: path.optional().describe('file of its private key (PEM)'),
  BERTH_CORS_ORIGINS: listOf(origin, 'origins')
    .default([])
    .describe('origins of web pages that may use the API from a browser'),
};
