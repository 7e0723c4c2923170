import { registrationRequest } from '#wire';
import { describe, expect, it } from '@jest/globals';
import { aRegistration, someSettings } from '../test/support/samples.js';
import { offerOf, registrationOf, strangerOf } from './registration.js';

describe('A registered server', () => {
  it.each([
    ['[2001:0DB8:0::77]:07001', '2001:db8::77'],
    ['[::ffff:192.0.2.1]:7001', '192.0.2.1'],
    ['Game.Example.:7001', 'game.example'],
  ])('is offered with its address as given, %s, and its host in canonical form', (address, ip) =>
    expect(offerOf(aRegistration({ address }), someSettings())).toMatchObject({ address, ip }),
  );

  it('is offered with its further addresses, and restored from the log', () => {
    const addresses = { ipv6: '2001:db8::77', internal: '10.0.0.7' };
    const request = registrationRequest.parse({
      ...{ address: '192.0.2.1:7777', priority: 0, region: 'local' },
      addresses: { ...addresses, ipv6: '[2001:0DB8::77]' },
    });
    const registration = registrationOf(request, '1', 1, someSettings());
    const offer = offerOf(registration, someSettings());
    expect(offer.addresses).toEqual(addresses);
    expect(strangerOf('1', offer)).toMatchObject({ addresses });
  });

  it('is offered to its own project, and restored from the log as its own', () => {
    const request = registrationRequest.parse({
      ...{ address: '192.0.2.1:7777', priority: 0, region: 'local', project: 'acme' },
    });
    const offer = offerOf(registrationOf(request, '1', 1, someSettings()), someSettings());
    expect(offer.projects).toEqual(['acme']);
    expect(strangerOf('1', offer)).toMatchObject({ project: 'acme' });
    expect(offerOf(aRegistration(), someSettings())).not.toHaveProperty('projects');
  });
});
