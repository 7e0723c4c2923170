import { readConfig } from '#service-runtime';
import { slot, type SlotEvent } from '#slot';
import { START, anOffer, past } from '#testing';
import { describe, expect, it } from '@jest/globals';
import { gatewaySettings } from '../../config.js';
import type { SlotEntry } from '../../api/slots/slot-view.js';
import { claimedObject, placeOf } from './allocation-object.js';
import { MultiplayIds } from './ids.js';

const ids = new MultiplayIds({ regions: {}, fleets: {}, buildConfigurations: {} });

/** The allocation of a slot after these events, as a polling matchmaker sees it. */
function seen(events: readonly SlotEvent[]) {
  const state = events.reduce((before, event) => slot.evolve(before, event), slot.initial);
  const ref = { region: 'local', agent: 'a', slot: '1' };
  const entry: SlotEntry = { name: 'local.a.1', ref, sequence: 1, state, unreadable: null };
  const { allocation } = state.context;
  if (allocation === null) throw new Error('there is no allocation');
  return claimedObject(entry, allocation, START - 1_000, ids);
}

/** The claim of the samples, with changes. */
const claim = (change: object) => ({ ...past.awaiting.at(-1), ...change }) as SlotEvent;
const place = { ipv4: '192.0.2.1', gamePort: 7777 };
const at = new Date(START).toISOString();

describe('The address of a server in the Multiplay API', () => {
  it.each([
    ['192.0.2.1', {}, { ipv4: '192.0.2.1' }],
    ['192.0.2.1', { ipv6: '2001:db8::1' }, { ipv4: '192.0.2.1', ipv6: '2001:db8::1' }],
    ['2001:db8::1', { ipv4: '192.0.2.1' }, { ipv4: '192.0.2.1', ipv6: '2001:db8::1' }],
    ['game.example', { ipv4: '192.0.2.1', internal: '10.0.0.7' }, { ipv4: '192.0.2.1' }],
  ])('for %s and %j has an address of each family', (ip, addresses, shown) =>
    expect(placeOf(anOffer({ ip, addresses }))).toEqual({ ...shown, gamePort: 7777 }),
  );
});

describe('An allocation in the Multiplay API', () => {
  it('is not fulfilled before the game has answered', () => {
    const object = seen(past.awaiting);
    expect(object).toMatchObject({ created: at, readiness: false });
    for (const absent of ['fulfilled', 'ready', 'ipv4', 'gamePort']) {
      expect(object).not.toHaveProperty(absent);
    }
    expect(seen(past.live)).toMatchObject({ fulfilled: at, ...place });
    expect(seen(past.live)).not.toHaveProperty('ready');
  });

  it('is fulfilled by its process if the game has to report that it is ready, and then is ready', () => {
    const events = [...past.warm, claim({ readiness: true })];
    expect(seen(events)).toMatchObject({ fulfilled: at, readiness: true, ...place });
    expect(seen(events)).not.toHaveProperty('ready');
    const acked = past.live.find(({ type }) => type === 'CallbackAcked');
    expect(seen([...events, acked as SlotEvent])).toMatchObject({ ready: at, fulfilled: at });
  });

  it.each([
    ['there is none', [...past.cold, claim({ readiness: true })]],
    [
      'it runs another build configuration',
      [...past.warm, claim({ readiness: true, buildConfiguration: 'other' })],
    ],
    [
      'the request wants a fresh one',
      [...past.warm, claim({ readiness: true, fresh: true, at: START + 1 })],
    ],
  ])('is not fulfilled by a process while %s', (_, events) => {
    expect(seen(events)).not.toHaveProperty('fulfilled');
  });

  it('shows when it was requested, and when it was claimed', () => {
    const { requested, created } = seen(past.live);
    expect([requested, created]).toEqual([new Date(START - 1_000).toISOString(), at]);
  });

  it('has the one address of its server, IPv4 or IPv6', () => {
    expect(placeOf(anOffer({ ip: '2001:db8::1' }))).toEqual({
      ipv6: '2001:db8::1',
      gamePort: 7777,
    });
    expect(placeOf(anOffer({ ip: 'host', ports: { steam: 1 }, address: 'host:9' }))).toEqual({
      gamePort: 9,
    });
  });
});

describe('A file of ids', () => {
  it('that cannot be read prevents the start, with its reason', () => {
    expect(() => readConfig(gatewaySettings, { MULTIPLAY_IDS: '/nowhere/ids.json' })).toThrow(
      'MULTIPLAY_IDS: the file /nowhere/ids.json cannot be read',
    );
  });
});
