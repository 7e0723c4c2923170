import { describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { mintToken, type TokenWish } from './access-token.js';
import { credentialsIn } from './credentials.js';
import { TokenSet } from './token-set.js';

const NOW = Date.UTC(2030, 0, 1);

const mint = (wish: Partial<TokenWish> = {}) =>
  mintToken({ name: 'matchmaker', scopes: ['allocate'], ...wish }, randomBytes, NOW);

const holderOf = (set: TokenSet, header: string, now = NOW) => {
  const credentials = credentialsIn(header);
  return credentials && set.holderOf(credentials, now);
};

describe('The holder of a token', () => {
  const one = mint({ regions: ['eu'], rate: { qps: 5, burst: 9 } });
  const other = mint();
  const set = new TokenSet([one.token, other.token]);

  it('is recognised by the token', () => {
    const holder = holderOf(set, `Bearer ${one.text}`);
    expect(holder).toMatchObject({ id: one.token.id, rate: { qps: 5, burst: 9 } });
    expect([...(holder?.regions ?? [])]).toEqual(['eu']);
    expect(JSON.stringify(holder)).not.toContain(one.text.slice(-43));
  });

  it.each([
    ['another’s secret', `berth_${one.token.id}_${other.text.slice(-43)}`],
    ['an unknown id', `berth_000000000000_${one.text.slice(-43)}`],
    ['the secret alone', one.text.slice(-43)],
    ['the digest instead of the secret', `berth_${one.token.id}_${one.token.digest}`],
    ['an empty secret', `berth_${one.token.id}_`],
    ['a secret that lacks a character', one.text.slice(0, -1)],
  ])('is unknown with %s', (_, text) => {
    expect(holderOf(set, `Bearer ${text}`)).toBeUndefined();
  });

  it('is unknown from the instant at which the token expires', () => {
    const { token, text } = mint({ expiresAt: new Date(NOW + 1_000) });
    const expiring = new TokenSet([token]);
    expect(holderOf(expiring, `Bearer ${text}`, NOW + 999)).toBeDefined();
    expect(holderOf(expiring, `Bearer ${text}`, NOW + 1_000)).toBeUndefined();
  });

  it('is refused once the token is gone, or allows less', () => {
    const holder = holderOf(set, `Bearer ${one.text}`)!;
    const { token } = one;
    const admits = (...tokens: (typeof token)[]) => new TokenSet(tokens).admits(holder, NOW);
    expect(admits(token)).toBe(true);
    expect(admits({ ...token, scopes: ['allocate', 'audit'], regions: null })).toBe(true);
    expect(admits(other.token)).toBe(false);
    expect(admits({ ...token, scopes: ['audit'] })).toBe(false);
    expect(admits({ ...token, regions: ['us'] })).toBe(false);
    expect(admits({ ...token, expiresAt: new Date(NOW).toISOString() })).toBe(false);
  });
});

describe('A secret from a list', () => {
  const secrets = ['first-secret-first', 'second-secret-second'];
  const set = new TokenSet([], [{ name: 'registry', scope: 'register', secrets }]);

  it('is accepted like any other in the list', () => {
    for (const secret of secrets) {
      const holder = holderOf(set, `Bearer ${secret}`);
      expect([...(holder?.scopes ?? [])]).toEqual(['register']);
    }
    expect(holderOf(set, 'Bearer third-secret-third')).toBeUndefined();
  });
});
