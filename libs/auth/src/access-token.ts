import { Unparsable } from '#kernel';
import { projectName } from '#slot';
import { parse, token as regionName } from '#wire';
import { z } from 'zod';
import { digestOf } from './digest.js';
import { FIRST_SCOPE_NAMES, SCOPE_NAMES, scopesNow, type Scope } from './scopes.js';

/** Most tokens in one file. Every gateway holds all of them in memory. */
const TOKENS_MAX = 10_000;

/** Scopes that a token of one project cannot have. */
const OF_ALL: readonly Scope[] = ['deploy', 'audit'];

const SECRET_BYTES = 32;
const ID_BYTES = 6;

/** Requests per second in the long run, and how many may come at once. */
export const rate = z.strictObject({
  qps: z.number().positive().max(1_000_000),
  burst: z.number().int().positive().max(1_000_000),
});
export type Rate = z.output<typeof rate>;

/** A rate as people write it: `100/200` is 100 per second, and 200 at once. */
export const rateText = z
  .string()
  .meta({ title: 'rate, like `100/200`' })
  .regex(/^\d+(\.\d+)?\/\d+$/, 'must be like 100/200: requests a second, and how many at once')
  .transform((text) => text.split('/').map(Number) as [number, number])
  .transform(([qps, burst]) => ({ qps, burst }))
  .pipe(rate);

/** An access token as it is stored: everything except its secret. */
const stored = z.strictObject({
  id: z.string().regex(/^[0-9a-f]{12}$/, 'must be 12 hexadecimal digits'),
  /** The token's owner, for people and for the log. */
  name: z.string().min(1).max(128),
  scopes: z.array(z.enum(SCOPE_NAMES)).min(1),
  /** SHA-256 of the secret, in hexadecimal digits. */
  digest: z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits'),
  createdAt: z.iso.datetime(),
  /** The token is invalid from this instant on; null if it does not expire. */
  expiresAt: z.iso.datetime().nullable().default(null),
  /** Null for the gateway's default rate. */
  rate: rate.nullable().default(null),
  /** Null for all regions. */
  regions: z.array(regionName).min(1).nullable().default(null),
  /** Null for a token of the installation, which asks for servers of the default project. */
  project: projectName.nullable().default(null),
});

export const accessToken = stored.refine(
  ({ project, scopes }) => project === null || !scopes.some((scope) => OF_ALL.includes(scope)),
  {
    path: ['scopes'],
    message: `machines, builds and histories are of all projects: a token of a project cannot have ${OF_ALL.join(' or ')}`,
  },
);
export type AccessToken = z.output<typeof accessToken>;

/** A token of a file of version 1, in which `operate` covered `observe` and `deploy` too. */
const firstToken = stored
  .omit({ project: true })
  .extend({ scopes: z.array(z.enum(FIRST_SCOPE_NAMES)).min(1) })
  .transform((token): AccessToken => ({
    ...token,
    project: null,
    scopes: [...scopesNow(token.scopes)],
  }));

// Strict, because a misspelt `expiresAt` would otherwise be ignored, and the token would never
// expire.
const tokensFile = z.discriminatedUnion('version', [
  z.strictObject({ version: z.literal(1), tokens: z.array(firstToken).max(TOKENS_MAX) }),
  z.strictObject({ version: z.literal(2), tokens: z.array(accessToken).max(TOKENS_MAX) }),
]);

/**
 * Parses a file of tokens. Throws `Unparsable`; the message says what is wrong without quoting the
 * file.
 */
export function parseTokens(text: string): readonly AccessToken[] {
  const { tokens } = parse(tokensFile, jsonOf(text));
  const ids = new Set(tokens.map(({ id }) => id));
  if (ids.size < tokens.length) throw new Unparsable('tokens: two tokens have the same id');
  return tokens;
}

export function tokensText(tokens: readonly AccessToken[]): string {
  return `${JSON.stringify({ version: 2, tokens }, null, 2)}\n`;
}

export interface TokenWish {
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly expiresAt?: Date | undefined;
  readonly rate?: Rate | undefined;
  readonly regions?: readonly string[] | undefined;
  readonly project?: string | undefined;
}

/**
 * Makes a token. Its text, `berth_<id>_<secret>`, is what the holder sends; it is not stored.
 *
 * @param randomBytes returns as many unpredictable bytes as asked for
 * @param now epoch ms
 */
export function mintToken(
  wish: TokenWish,
  randomBytes: (count: number) => Buffer,
  now: number,
): { readonly token: AccessToken; readonly text: string } {
  const id = randomBytes(ID_BYTES).toString('hex');
  const secret = randomBytes(SECRET_BYTES).toString('base64url');
  const token = parse(accessToken, {
    id,
    name: wish.name,
    scopes: wish.scopes,
    digest: digestOf(secret).toString('hex'),
    createdAt: new Date(now).toISOString(),
    expiresAt: wish.expiresAt?.toISOString() ?? null,
    rate: wish.rate ?? null,
    regions: wish.regions ?? null,
    project: wish.project ?? null,
  });
  return { token, text: `berth_${id}_${secret}` };
}

/** The message of the JSON parser quotes the text, and a file of tokens must not be quoted. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new Unparsable('it is not JSON');
  }
}
