import { describe, expect, it } from '@jest/globals';
import { aRegistration, someSettings } from '../test/support/samples.js';
import { offerOf } from './registration.js';

describe('A registered server', () => {
  it.each([
    ['[2001:0DB8:0::77]:07001', '2001:db8::77'],
    ['[::ffff:192.0.2.1]:7001', '192.0.2.1'],
    ['Game.Example.:7001', 'game.example'],
  ])('is offered as it says it, %s, and its host as others compare it', (address, ip) =>
    expect(offerOf(aRegistration({ address }), someSettings())).toMatchObject({ address, ip }),
  );
});
