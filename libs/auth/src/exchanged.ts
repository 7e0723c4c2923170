import { SignJWT, jwtVerify, decodeProtectedHeader } from 'jose';
import { hkdfSync } from 'node:crypto';
import { digestOf } from './digest.js';
import type { SigningKeys } from './signing-keys.js';

/** Lifetime of a JSON Web Token, in seconds; none that lasts longer is accepted. */
export const EXCHANGED_S = 3_600;

const ALGORITHM = 'HS256';
const ISSUER = 'berth';
const KEY_BYTES = 32;

/** How far the clocks of two gateways may differ, in seconds. */
const SKEW_S = 5;

/**
 * Returns a JSON Web Token in place of an access token (RFC 7519), for clients that exchange one
 * for the other. It is signed by the first of the gateway's keys together with the stored digest of
 * the secret. So every gateway with the key can check it without storing it, who can read the file of
 * tokens cannot make one, and it is invalid once the access token is removed.
 *
 * @param now epoch ms
 */
export function exchange(
  { id, secret }: { readonly id: string; readonly secret: string },
  scopes: readonly string[],
  [key]: SigningKeys,
  now: number,
): Promise<string> {
  const issuedAt = Math.floor(now / 1_000);
  return new SignJWT({ scope: scopes.join(' ') })
    .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT', kid: id })
    .setIssuer(ISSUER)
    .setSubject(id)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + EXCHANGED_S)
    .sign(derived(key, digestOf(secret)));
}

/**
 * The id of the access token that a JSON Web Token stands for, unchecked; undefined if the text is
 * no JSON Web Token.
 */
export function exchangedOf(text: string): string | undefined {
  if (!/^[\w-]+\.[\w-]+\.[\w-]+$/.test(text)) return undefined;
  try {
    return decodeProtectedHeader(text).kid;
  } catch {
    return undefined;
  }
}

/**
 * Whether the token was made with one of the keys, from the secret with this digest, not longer than
 * `EXCHANGED_S` ago, and has not expired by `now` (epoch ms).
 */
export async function isExchanged(
  text: string,
  digest: Buffer,
  keys: SigningKeys,
  now: number,
): Promise<boolean> {
  const checked = await Promise.all(keys.map((key) => isSignedBy(derived(key, digest), text, now)));
  return checked.includes(true);
}

async function isSignedBy(key: Uint8Array, text: string, now: number): Promise<boolean> {
  try {
    const { payload } = await jwtVerify(text, key, {
      algorithms: [ALGORITHM],
      issuer: ISSUER,
      currentDate: new Date(now),
      clockTolerance: SKEW_S,
      maxTokenAge: EXCHANGED_S,
      requiredClaims: ['exp', 'iat', 'sub'],
    });
    const { exp = Number.POSITIVE_INFINITY, iat = 0 } = payload;
    return exp - iat <= EXCHANGED_S;
  } catch {
    return false;
  }
}

function derived(key: string, digest: Buffer): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', key, digest, 'berth/token-exchange', KEY_BYTES));
}
