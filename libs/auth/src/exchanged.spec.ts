import { describe, expect, it } from '@jest/globals';
import { SignJWT, decodeJwt } from 'jose';
import { hkdfSync } from 'node:crypto';
import { digestOf } from './digest.js';
import { EXCHANGED_S, exchange, isExchanged } from './exchanged.js';
import { ownKeys, type SigningKeys } from './signing-keys.js';

const NOW = Date.UTC(2030, 0, 1);
const token = { id: '0123456789ab', secret: 'secret' };
const digest = digestOf(token.secret);
const [key] = ownKeys();
const keys: SigningKeys = [key];
const HOUR_MS = EXCHANGED_S * 1_000;

/** A token with any claims, signed as `exchange` signs. */
function signed(claims: { iat?: number; exp?: number }, by = key): Promise<string> {
  const secret = new Uint8Array(hkdfSync('sha256', by, digest, 'berth/token-exchange', 32));
  return new SignJWT({ ...claims, iss: 'berth', sub: token.id })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT', kid: token.id })
    .sign(secret);
}

describe('A JSON Web Token', () => {
  it('is accepted for an hour', async () => {
    const text = await exchange(token, ['allocate'], keys, NOW);
    expect(decodeJwt(text)).toMatchObject({ sub: token.id, scope: 'allocate' });
    expect(await isExchanged(text, digest, keys, NOW)).toBe(true);
    expect(await isExchanged(text, digest, keys, NOW + HOUR_MS - 1_000)).toBe(true);
    expect(await isExchanged(text, digest, keys, NOW + HOUR_MS + 6_000)).toBe(false);
  });

  it('is accepted by a gateway whose clock is a little behind', async () => {
    const text = await exchange(token, [], keys, NOW + 4_000);
    expect(await isExchanged(text, digest, keys, NOW)).toBe(true);
  });

  const iat = NOW / 1_000;
  it.each([
    ['lasts longer than an hour', { iat, exp: iat + EXCHANGED_S + 1 }],
    ['was made long ago', { iat: iat - 2 * EXCHANGED_S, exp: iat + 60 }],
    ['will be made', { iat: iat + 60, exp: iat + 120 }],
    ['does not say when it was made', { exp: iat + 60 }],
    ['never expires', { iat }],
  ])('that %s is refused, though it is signed', async (_, claims) => {
    expect(await isExchanged(await signed(claims), digest, keys, NOW)).toBe(false);
    const good = await signed({ iat, exp: iat + EXCHANGED_S });
    expect(await isExchanged(good, digest, keys, NOW)).toBe(true);
  });

  it('is signed by the first key, and accepted by any', async () => {
    const text = await exchange(token, [], [key, ...ownKeys()], NOW);
    expect(await isExchanged(text, digest, [...ownKeys(), key], NOW)).toBe(true);
    expect(await isExchanged(text, digest, ownKeys(), NOW)).toBe(false);
  });

  it('cannot be made from what the file of tokens holds', async () => {
    const forged = await signed({ iat, exp: iat + 60 }, digest.toString('hex'));
    expect(await isExchanged(forged, digest, keys, NOW)).toBe(false);
  });
});
