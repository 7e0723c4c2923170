import { describe, expect, it } from '@jest/globals';
import { registrationRequest } from './registration.schema.js';

const least = { address: '192.0.2.1:7777', priority: 0, region: 'local' };

describe('A registration', () => {
  it('needs an address and a priority, and gets defaults for the rest', () =>
    expect(registrationRequest.parse(least)).toEqual({
      ...least,
      attributes: {},
      requiredAttributes: [],
      ports: {},
    }));

  it('may have unknown fields', () =>
    expect(registrationRequest.parse({ ...least, nodeName: 'a' })).not.toHaveProperty('nodeName'));

  it.each([
    ['a token that is not valid in a header', { callback: { url: 'a', token: 'a\r\nb: c' } }],
    ['a callback without a URL', { callback: { token: 'a' } }],
    ['a lease of more than a day', { timeout: 86_401 }],
    ['a priority that is not a number', { priority: 'first' }],
    ['a required attribute that is missing', { requiredAttributes: ['canary'] }],
    ['a required attribute that every object has', { requiredAttributes: ['toString'] }],
    ['an invalid port', { ports: { game: 70_000 } }],
    ['a further address that cannot be reached', { addresses: { internal: '0.0.0.0' } }],
    ['an address of the other family', { addresses: { ipv6: '192.0.2.1' } }],
  ])('may not have %s', (_, changes) =>
    expect(registrationRequest.safeParse({ ...least, ...changes }).success).toBe(false),
  );
});
