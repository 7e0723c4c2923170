import { guidOf, slotIds } from '#multiplay';
import { describe, expect, it } from '@jest/globals';
import { placeholders, serverJson, variables, type LaunchContext } from './launch-context.js';

const context: LaunchContext = {
  ref: { region: 'local', agent: 'pier-1a2b3c', slot: '4' },
  ids: slotIds('local.pier-1a2b3c.4', 'pier-1a2b3c', { machine: 12 }),
  fleet: 'duels',
  ip: '203.0.113.7',
  ports: { game: 7000, query: 7001, callback: 7002 },
  home: '/data/4',
  temporary: null,
  logs: '/data/4/logs',
  sdkUrl: 'http://127.0.0.1:8086',
  variables: { map: 'harbour', port: '1' },
  queryType: 'a2s',
  buildFolder: '/data/builds/trees/0f',
};

describe('server.json', () => {
  it('holds every value as a string', () => {
    const values = Object.values(JSON.parse(serverJson(context, 'match-1')) as object);
    expect(values.every((value) => typeof value === 'string')).toBe(true);
  });

  it('holds everything that the SDKs need', () => {
    const file = JSON.parse(serverJson(context, 'match-1')) as Record<string, string>;
    expect(file).toMatchObject({
      allocatedUUID: 'match-1',
      ip: '203.0.113.7',
      port: '7000',
      queryPort: '7001',
      serverLogDir: '/data/4/logs/',
    });
    expect(file['serverID']).toMatch(/^\d{1,15}$/);
    expect(file['machineID']).toBe('12');
  });

  it('has the variables of the build configuration, and its own above them', () => {
    const file = JSON.parse(serverJson(context, '')) as Record<string, string>;
    expect(file).toMatchObject({ map: 'harbour', port: '7000', queryType: 'a2s' });
  });

  it('names fleet and region by GUIDs, or by their names if these are GUIDs', () => {
    const file = JSON.parse(serverJson(context, '')) as Record<string, string>;
    expect(file).toMatchObject({ fleetID: guidOf('fleet', 'duels'), regionName: 'local' });
    expect(file['regionID']).toBe(guidOf('region', 'local'));
    const fleet = '6c0c34b4-1b1c-4c1e-9d5e-0f4d2a1e7b11';
    expect(JSON.parse(serverJson({ ...context, fleet }, ''))).toHaveProperty('fleetID', fleet);
  });

  it('keeps the key of the allocation if there is none', () => {
    expect(JSON.parse(serverJson(context, ''))).toHaveProperty('allocatedUUID', '');
  });
});

describe('the placeholders', () => {
  it('include the ports and the address', () => {
    expect(placeholders(context, 'game', 1_700_000_000_000)).toMatchObject({
      port: '7000',
      query_port: '7001',
      callback_port: '7002',
      ip: '203.0.113.7',
      ipv6: '',
      query_type: 'a2s',
      build_dir: '/data/builds/trees/0f',
      serverid: String(slotIds('local.pier-1a2b3c.4', '').server),
      machineid: '12',
      timestamp: '1700000000',
    });
  });
});

describe('extra ports and addresses', () => {
  const place: LaunchContext = {
    ...context,
    addresses: { ipv6: '2001:db8::77', internal: '10.0.0.7' },
    ports: {
      ...context.ports,
      extra: { rcon: { first: 7003, last: 7003 }, voice: { first: 7004, last: 7013 } },
    },
  };
  const words = {
    ...{ ip: '203.0.113.7', ipv6: '2001:db8::77', ip_internal: '10.0.0.7' },
    ...{ port: '7000', port_rcon: '7003', port_voice: '7004', port_voice_last: '7013' },
  };

  it('are passed on the command line, in server.json and in the environment', () => {
    expect(placeholders(place, 'game', 0)).toMatchObject(words);
    expect(placeholders(place, 'game', 0)).not.toHaveProperty('port_rcon_last');
    expect(JSON.parse(serverJson(place, ''))).toMatchObject(words);
    expect(variables(place, 'secret')).toMatchObject({
      BERTH_PORT_RCON: '7003',
      BERTH_PORT_VOICE: '7004',
      BERTH_PORT_VOICE_LAST: '7013',
      BERTH_IP_INTERNAL: '10.0.0.7',
    });
  });

  it('include an address of the other family beside an IPv6 address', () => {
    const both = { ...context, ip: '2001:db8::77', addresses: { ipv4: '203.0.113.7' } };
    const families = { ip: '203.0.113.7', ipv6: '2001:db8::77' };
    expect(placeholders(both, 'game', 0)).toMatchObject(families);
    expect(JSON.parse(serverJson(both, ''))).toMatchObject(families);
  });
});

describe('the variables', () => {
  it('make $HOME/server.json point to the right file', () => {
    expect(variables(context, 'secret')).toMatchObject({ HOME: '/data/4', BERTH_TOKEN: 'secret' });
  });
});
