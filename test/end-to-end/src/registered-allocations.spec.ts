import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  aServer,
  allocate,
  anAddress,
  deregister,
  dispose,
  history,
  keepAlive,
  register,
  registry,
  retired,
  type Registered,
} from './registered-servers.js';
import type { SelfRegistered } from './registry.js';

beforeAll(() => registry.start({ BERTH_CALLBACK_MS: '1000', BERTH_LEASE_S: '30' }), 60_000);
afterAll(dispose, 60_000);

describe("The example of matching from GameFabric's documentation", () => {
  test.each([
    ['nothing', {}, /^(A|B)$/],
    ['env=prod', { env: 'prod' }, /^A$/],
    ['env=stag', { env: 'stag' }, /^B$/],
    ['canary=true', { canary: 'true' }, /^C$/],
    ['env=dev', { env: 'dev' }, null],
  ])('selects the right server for a request of %s', async (_, attributes, expected) => {
    const names = new Map([
      [anAddress(), 'A'],
      [anAddress(), 'B'],
      [anAddress(), 'C'],
    ]);
    const [a = '', b = '', c = ''] = names.keys();
    await register(a, { attributes: { env: 'prod' } });
    await register(b, { attributes: { env: 'stag' } });
    const canary = { env: 'stag', canary: 'true' };
    await register(c, { attributes: canary, requiredAttributes: ['canary'] });
    const { status, body } = await allocate(attributes);
    for (const address of names.keys()) await deregister(address);
    if (expected === null) expect({ status, error: body.error }).toMatchObject({ status: 503 });
    else expect(names.get(body.address)).toMatch(expected);
  });
});

describe('a registered server', () => {
  test('gets its callback with its token and the payload, and is gone from then on', async () => {
    const [server, address] = [await aServer(), anAddress()];
    const { status, body } = await registry.ask<Registered>('POST', '/servers/', {
      address,
      priority: 0,
      region: 'local',
      attributes: { its: 'own' },
      ports: { alloc: 3_999 },
      timeout: 60,
      score: 7,
      somethingElse: true,
      callback: { token: 'secret-1', url: server.url },
    });
    expect({ status, body }).toMatchObject({ status: 201, body: { address, timeout: 60 } });
    expect((await keepAlive(address, { timeout: 45 })).body.timeout).toBe(45);
    expect((await keepAlive(encodeURIComponent(address))).status).toBe(200);
    const given = await allocate({ its: 'own' }, { nested: { mode: 'ctf' } });
    expect(given).toEqual({
      status: 200,
      body: {
        address,
        ip: address.split(':')[0],
        ports: { game: Number(address.split(':')[1]), alloc: 3_999 },
        token: 'secret-1',
        payload: { map: 'docks' },
      },
    });
    expect(server.heard).toEqual([
      { token: 'Bearer secret-1', payload: { nested: { mode: 'ctf' } } },
    ]);
    const late = await keepAlive(address);
    expect(late).toMatchObject({ status: 404, body: { error: expect.any(String) } });
    expect((await allocate({ its: 'own' })).status).toBe(503);
    const recorded = JSON.stringify((await history(body.slot)).slice(0, 3));
    expect(recorded).not.toContain('secret-1');
    expect(recorded).not.toContain(server.url);
  });

  test('without a callback is granted at once', async () => {
    const address = anAddress();
    await register(address, { attributes: { bare: '1' } });
    const { status, body } = await allocate({ bare: '1' });
    expect({ status, body }).toMatchObject({ status: 200, body: { address } });
    expect(body).not.toHaveProperty('token');
  });

  test('is used in the order of priority, lower first', async () => {
    const [second, first] = [anAddress(), anAddress()];
    for (const [priority, address] of [second, first].entries()) {
      const ranked = { priority: 2 - priority, attributes: { ranked: '1' } };
      await register(address, ranked);
    }
    expect((await allocate({ ranked: '1' })).body.address).toBe(first);
    expect((await allocate({ ranked: '1' })).body.address).toBe(second);
  });

  test.each([
    ['hangs', null],
    ['answers 500', (response) => response.writeHead(500).end('{}')],
    ['answers garbage', (response) => response.end('<html>')],
    ['redirects', (response) => response.writeHead(302, { location: '/elsewhere' }).end()],
  ] satisfies [string, SelfRegistered['reply']][])(
    'is replaced by a second one if its callback %s',
    async (_, reply) => {
      const [bad, good] = [await aServer(), await aServer()];
      bad.reply = reply;
      const [first, second] = [anAddress(), anAddress()];
      const attributes = { pair: first };
      const { body } = await register(first, {
        attributes,
        callback: { token: 'bad', url: bad.url },
      });
      const callback = { token: 'good', url: `http://${good.url}` };
      await register(second, { priority: 1, attributes, callback });
      const given = await allocate(attributes);
      expect(given.body).toMatchObject({ address: second, token: 'good' });
      expect(bad.heard).toHaveLength(1);
      expect(await retired(body.slot)).toMatch(/^its session is over: Callback/);
      expect((await keepAlive(first)).status).toBe(404);
    },
  );

  test('is returned with its further addresses, and all its ports', async () => {
    const address = anAddress();
    const attributes = { dual: '1' };
    const ports = { game: 7_000, voice: 7_001, voice_last: 7_010 };
    const addresses = { ipv6: '[2001:0DB8::77]', internal: '10.0.0.7' };
    const told = { ports, addresses: { ipv6: '2001:db8::77', internal: '10.0.0.7' } };
    const { slot } = (await register(address, { attributes, ports, addresses })).body;
    expect((await registry.ask('GET', `/v1/slots/${slot}`)).body).toMatchObject(told);
    const request = { allocationId: 'dual', region: 'local', attributes };
    const given = await registry.ask('POST', '/v1/allocations', request);
    expect(given.body).toMatchObject({ address, ...told });
    const shown = await registry.ask('GET', '/v1/allocations/dual');
    expect(shown.body).toMatchObject({ address, ...told });
    const wrong = await register(anAddress(), { addresses: { internal: '0.0.0.0' } });
    expect(wrong.status).toBe(400);
  });
});
