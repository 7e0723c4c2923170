import { describe, expect, it } from '@jest/globals';
import { addressKey, hostKey, hostOf, portOf, serverAddress } from './address.schema.js';

describe('The address of a server', () => {
  it.each([
    ['[2001:db8::77]:7001', '[2001:0DB8:0:0:0:0:0:77]:7001'],
    ['192.0.2.1:7001', '192.0.2.1:07001'],
    ['game.example:7001', 'Game.Example.:7001'],
    ['192.0.2.1:7001', '[::ffff:192.0.2.1]:7001'],
    ['192.0.2.1:7001', '[::FFFF:c000:0201]:7001'],
    ['192.0.2.8:7001', '192.0.2.010:7001'],
    ['10.0.0.7:7001', '0x0a.7:7001'],
  ])('%s is %s', (one, other) => expect(addressKey(other)).toBe(addressKey(one)));

  it.each([
    '0.0.0.0:7001',
    '0:7001',
    '000.0.0.0:7001',
    '0x0:7001',
    '192.0.2.256:7001',
    '[::]:7001',
    '[0:0::0]:7001',
    '[::ffff:0.0.0.0]:7001',
    '[:::]:7001',
    '.:7001',
  ])('is not %s', (address) => expect(serverAddress.safeParse(address).success).toBe(false));

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

describe('A host', () => {
  it.each([
    ['[2001:0DB8::77]', '2001:db8::77'],
    ['2001:db8:0:0:0:0:0:77', '2001:db8::77'],
    ['Game.Example.', 'game.example'],
    ['game_1', 'game_1'],
  ])('%s is %s', (written, host) => expect(hostKey(written)).toBe(host));

  it.each(['a/b', 'user@a', 'a:7001', 'a?b', '2001:db8::77%eth0', '', '*'])(
    'is not %j',
    (written) => expect(hostKey(written)).toBeNull(),
  );
});
