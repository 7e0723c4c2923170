import { Unparsable } from '#kernel';
import { describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { mintToken, parseTokens, tokensText } from './access-token.js';

const NOW = Date.UTC(2030, 0, 1);

const mint = () => mintToken({ name: 'matchmaker', scopes: ['allocate'] }, randomBytes, NOW);

describe('A new token', () => {
  it('is 256 random bits behind a prefix and an id', () => {
    const { token, text } = mint();
    expect(text).toMatch(new RegExp(`^berth_${token.id}_[A-Za-z0-9_-]{43}$`));
    expect(mint().text).not.toBe(text);
  });

  it('is stored without its secret', () => {
    const { token, text } = mint();
    const secret = text.slice(-43);
    expect(tokensText([token])).not.toContain(secret);
    expect(token).toMatchObject({ name: 'matchmaker', createdAt: '2030-01-01T00:00:00.000Z' });
  });

  it('is read back unchanged', () => {
    const tokens = [mint().token, mint().token];
    expect(parseTokens(tokensText(tokens))).toEqual(tokens);
  });
});

describe('A file of tokens', () => {
  const { token } = mint();
  const { project: _, ...before } = token;
  const first = (scopes: readonly string[]) =>
    JSON.stringify({ version: 1, tokens: [{ ...before, scopes }] });
  const text = (change: object) =>
    JSON.stringify({ version: 2, tokens: [{ ...token, ...change }] });

  it.each([
    ['a misspelt field', text({ expires: '2030-01-01T00:00:00Z' }), 'expires'],
    ['an invalid instant', text({ expiresAt: 'tomorrow' }), 'tokens.0.expiresAt'],
    ['an unknown scope', text({ scopes: ['all'] }), 'tokens.0.scopes.0'],
    ['an invalid project', text({ project: 'a b' }), 'tokens.0.project'],
    ['a project, and what is of all', text({ project: 'acme', scopes: ['deploy'] }), 'deploy'],
    ['a project, and what is of all', text({ project: 'acme', scopes: ['audit'] }), 'audit'],
    ['no scope', text({ scopes: [] }), 'tokens.0.scopes'],
    ['an invalid digest', text({ digest: 'x' }), 'tokens.0.digest'],
    ['an invalid region', text({ regions: ['*'] }), 'tokens.0.regions.0'],
    ['a rate of zero', text({ rate: { qps: 0, burst: 1 } }), 'tokens.0.rate.qps'],
    ['another version', '{"version":3,"tokens":[]}', 'version'],
    ['a new scope in an old version', first(['observe']), 'tokens.0.scopes.0'],
    ['a duplicate id', tokensText([token, token]), 'two tokens have the same id'],
    ['its end cut off', tokensText([token]).slice(0, -9), 'it is not JSON'],
  ])('with %s is invalid, and the error says where', (_, broken, place) => {
    expect(() => parseTokens(broken)).toThrow(Unparsable);
    expect(() => parseTokens(broken)).toThrow(place);
  });

  it('of version 1 means what it meant, and is written as version 2', () => {
    const [read] = parseTokens(first(['operate', 'audit']));
    expect(read?.scopes).toEqual(['observe', 'operate', 'deploy', 'audit']);
    expect(parseTokens(tokensText(read ? [read] : []))).toEqual([read]);
    expect(parseTokens(first(['allocate', 'register']))).toMatchObject([
      { scopes: ['allocate', 'register'] },
    ]);
  });

  it('of version 2 gives `operate` alone to who has it alone', () => {
    expect(parseTokens(text({ scopes: ['operate'] }))).toMatchObject([{ scopes: ['operate'] }]);
  });

  it('is not quoted in error messages', () => {
    expect(() => parseTokens(`{"digest": ${token.digest}`)).not.toThrow(token.digest.slice(0, 8));
  });
});
