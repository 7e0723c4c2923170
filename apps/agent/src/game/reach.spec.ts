import { describe, expect, it } from '@jest/globals';
import { reachOf, type PortSocket } from './reach.js';

const own = (address: string): PortSocket => ({ protocol: 'tcp', address, isOwn: true });
const strange = (address: string): PortSocket => ({ protocol: 'tcp', address, isOwn: false });
const game = (...addresses: string[]) => ({ kind: 'game', addresses, isGuess: false });

describe('a game is reached', () => {
  it.each<[string, PortSocket[], string, object]>([
    [
      'on the loopback if it is bound to all of IPv4',
      [own('0.0.0.0')],
      '192.0.2.7',
      game('127.0.0.1'),
    ],
    [
      'on the loopback if it is bound to all addresses',
      [own('::')],
      '192.0.2.7',
      game('127.0.0.1', '::1'),
    ],
    ['at the address it was given', [own('192.0.2.7')], '192.0.2.7', game('192.0.2.7')],
    ['at an IPv6 address', [own('2001:db8::7')], '2001:db8::7', game('2001:db8::7')],
    ['at another address', [own('10.0.0.5')], '192.0.2.7', game('10.0.0.5')],
    [
      'at the address it was given before any other',
      [own('10.0.0.5'), own('192.0.2.7')],
      '192.0.2.7',
      game('192.0.2.7', '10.0.0.5'),
    ],
    [
      'if another process is bound to another address',
      [own('192.0.2.7'), strange('10.0.0.5')],
      '192.0.2.7',
      game('192.0.2.7'),
    ],
    [
      'if another process is bound to some of its addresses',
      [own('::'), strange('127.0.0.1')],
      '192.0.2.7',
      game('::1'),
    ],
  ])('%s', (_, sockets, ip, reach) => expect(reachOf(sockets, ip)).toEqual(reach));

  it('nowhere before it has bound the port', () => {
    expect(reachOf([], '192.0.2.7')).toEqual({ kind: 'nobody' });
  });

  it.each([
    ['has the port', [strange('0.0.0.0')]],
    ['may be the one that gets the callback', [own('127.0.0.1'), strange('0.0.0.0')]],
    ['may be the one that gets the callback, over IPv6', [own('127.0.0.1'), strange('::')]],
  ])('nowhere if another process %s', (_, sockets) => {
    expect(reachOf(sockets, '192.0.2.7')).toMatchObject({ kind: 'stranger' });
  });

  it('at guessed addresses if the system does not tell', () => {
    const guess = { kind: 'game', isGuess: true };
    const v4 = { ...guess, addresses: ['127.0.0.1', '192.0.2.7', '::1'] };
    expect(reachOf(null, '192.0.2.7')).toEqual(v4);
    const named = { ...guess, addresses: ['127.0.0.1', '::1'] };
    expect(reachOf(null, 'game.example')).toEqual(named);
  });
});
