import { describe, expect, it } from '@jest/globals';
import { registrationRequest } from './registration.schema.js';

const least = { address: '192.0.2.1:7777', priority: 0, region: 'local' };

describe('A registration', () => {
  it('needs an address and a priority, and is filled up', () =>
    expect(registrationRequest.parse(least)).toEqual({
      ...least,
      attributes: {},
      requiredAttributes: [],
      ports: {},
    }));

  it('may hold what nobody here knows', () =>
    expect(registrationRequest.parse({ ...least, nodeName: 'a' })).not.toHaveProperty('nodeName'));

  it.each([
    ['a token that breaks its header', { callback: { url: 'a', token: 'a\r\nb: c' } }],
    ['a callback without a URL', { callback: { token: 'a' } }],
    ['a lease of more than a day', { timeout: 86_401 }],
    ['a priority that is no number', { priority: 'first' }],
    ['a key that it requires and has not', { requiredAttributes: ['canary'] }],
    ['a required key that every object has', { requiredAttributes: ['toString'] }],
    ['a port that is none', { ports: { game: 70_000 } }],
    ['a further address that nobody reaches', { addresses: { internal: '0.0.0.0' } }],
    ['an address of the other family', { addresses: { ipv6: '192.0.2.1' } }],
  ])('may not hold %s', (_, changes) =>
    expect(registrationRequest.safeParse({ ...least, ...changes }).success).toBe(false),
  );
});
