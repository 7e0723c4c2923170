import { SignJWT, jwtVerify, decodeProtectedHeader } from 'jose';
import { hkdfSync } from 'node:crypto';
import { digestOf } from './digest.js';

/** Lifetime of a JSON Web Token, in seconds. */
export const EXCHANGED_S = 3_600;

const ALGORITHM = 'HS256';
const ISSUER = 'berth';
const KEY_BYTES = 32;

/**
 * Returns a JSON Web Token in place of an access token (RFC 7519), for clients that exchange one
 * for the other. Its key is derived from the stored digest of the secret. So every gateway can
 * check it without storing it, and it is invalid once the access token is removed.
 *
 * @param now epoch ms
 */
export function exchange(
  { id, secret }: { readonly id: string; readonly secret: string },
  scopes: readonly string[],
  now: number,
): Promise<string> {
  const issuedAt = Math.floor(now / 1_000);
  return new SignJWT({ scope: scopes.join(' ') })
    .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT', kid: id })
    .setIssuer(ISSUER)
    .setSubject(id)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + EXCHANGED_S)
    .sign(keyOf(digestOf(secret)));
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
 * Whether the token was made from the secret with this digest, and has not expired by `now` (epoch
 * ms).
 */
export async function isExchanged(text: string, digest: Buffer, now: number): Promise<boolean> {
  try {
    await jwtVerify(text, keyOf(digest), {
      algorithms: [ALGORITHM],
      issuer: ISSUER,
      currentDate: new Date(now),
      requiredClaims: ['exp', 'sub'],
    });
    return true;
  } catch {
    return false;
  }
}

function keyOf(digest: Buffer): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', digest, '', 'berth/token-exchange', KEY_BYTES));
}
