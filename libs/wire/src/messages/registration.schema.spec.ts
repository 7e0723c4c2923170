import { describe, expect, it } from '@jest/globals';
import {
  addressKey,
  hostOf,
  portOf,
  registrationRequest,
  serverAddress,
} from './registration.schema.js';

const least = { address: '192.0.2.1:7777', priority: 0, region: 'local' };

describe('The address of a server', () => {
  it.each([
    ['[2001:db8::77]:7001', '[2001:0DB8:0:0:0:0:0:77]:7001'],
    ['192.0.2.1:7001', '192.0.2.1:07001'],
    ['game.example:7001', 'Game.Example.:7001'],
  ])('%s is %s', (one, other) => expect(addressKey(other)).toBe(addressKey(one)));

  it.each(['0.0.0.0:7001', '[::]:7001', '[0:0::0]:7001', '[:::]:7001', '.:7001'])(
    'is not %s',
    (address) => expect(serverAddress.safeParse(address).success).toBe(false),
  );

  it.each([
    ['192.0.2.1:7777', '192.0.2.1', 7_777],
    ['game-1.example:1', 'game-1.example', 1],
    ['[2001:db8::1]:65535', '2001:db8::1', 65_535],
  ])('may be %s', (address, host, port) => {
    expect(serverAddress.parse(address)).toBe(address);
    expect([hostOf(address), portOf(address)]).toEqual([host, port]);
  });

  it.each(['', '192.0.2.1', ':7777', 'a:0', 'a:65536', 'a:7777/x', 'a b:1', '2001:db8::1:7777'])(
    'may not be %j',
    (address) => expect(serverAddress.safeParse(address).success).toBe(false),
  );
});

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
  ])('may not hold %s', (_, changes) =>
    expect(registrationRequest.safeParse({ ...least, ...changes }).success).toBe(false),
  );
});
