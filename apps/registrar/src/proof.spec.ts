import { describe, expect, it } from '@jest/globals';
import { aRegistration } from '../test/support/samples.js';
import { isProven } from './proof.js';

const from = '192.0.2.9';

describe('A request to replace or remove a server', () => {
  const server = aRegistration({ from });
  const cases = [
    ['the callback token, as a proof', { proof: 'secret' }, true, true],
    ['the callback token, in a registration', { token: 'secret' }, true, true],
    ['the scope `operate`', { isOperator: true }, true, true],
    ['the network address it was registered from', { from }, true, false],
    ['another address', { from: '192.0.2.66' }, false, false],
    ['another token', { token: 'secret2', proof: '', from: '192.0.2.66' }, false, false],
    ['nothing', {}, false, false],
  ] as const;

  it.each(cases)('is proven by %s (%j): by the rule `address` %s, by `token` %s', (...given) => {
    const [, shown, byAddress, byToken] = given;
    expect(isProven(server, shown, 'address')).toBe(byAddress);
    expect(isProven(server, shown, 'token')).toBe(byToken);
  });

  it('is proven by the address alone for a server without a token', () => {
    const silent = aRegistration({ from, callback: null });
    expect(isProven(silent, { from }, 'token')).toBe(true);
    expect(isProven(silent, { from: '192.0.2.66', token: '', proof: '' }, 'token')).toBe(false);
  });

  it('needs no proof once the server is gone, or if it is not known from where it came', () => {
    expect(isProven(aRegistration({ from, departure: 'expired' }), {}, 'token')).toBe(true);
    expect(isProven(aRegistration(), {}, 'address')).toBe(true);
  });
});
