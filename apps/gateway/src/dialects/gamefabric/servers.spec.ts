import { decodeJson, encodeJson, endpoints } from '#wire';
import { afterEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { TestGateway } from '../../../test/support/gateway.js';

let gateway: TestGateway;
afterEach(() => gateway.close());

const { register, keepAlive: keep, deregister: end } = endpoints;
const ENDPOINTS = { register, keep, end };
const address = '192.0.2.1:7777';
const registered = {
  status: 'registered',
  address,
  region: 'eu',
  slot: 'eu.registrar.1',
  timeout: 60,
  offered: true,
};
const refusal = (code: string) => ({ status: 'refused', code, message: 'because' });

/** Plays the registrar of a region. */
function answer(kind: keyof typeof ENDPOINTS, region: string, reply: unknown): object[] {
  const asked: object[] = [];
  gateway.bus.subscribe(ENDPOINTS[kind].subject.of({ region }), (message) => {
    asked.push(decodeJson(z.looseObject({}), message.body));
    message.respond(encodeJson(reply));
  });
  return asked;
}

const two = () => TestGateway.start({ BERTH_REGIONS: 'eu,us' });

describe('POST /servers', () => {
  it.each(['/servers', '/servers/'])(
    'passes %s on to the registrar of the region',
    async (path) => {
      gateway = await two();
      const asked = answer('register', 'eu', registered);
      const { status, body } = await gateway.post(path, { address, priority: 1, region: 'eu' });
      const { status: _, ...expected } = registered;
      expect({ status, body }).toEqual({ status: 201, body: expected });
      expect(asked).toMatchObject([{ address, priority: 1, region: 'eu' }]);
    },
  );

  it('needs no region if there is only one', async () => {
    gateway = await TestGateway.start();
    const asked = answer('register', 'local', registered);
    expect((await gateway.post('/servers', { address, priority: 1 })).status).toBe(201);
    expect(asked).toMatchObject([{ region: 'local' }]);
  });

  it('needs a region if there are several', async () => {
    gateway = await two();
    const { status, body } = await gateway.post('/servers', { address, priority: 1 });
    expect({ status, body }).toEqual({
      status: 400,
      body: { error: 'region: is required, because there are several: eu, us' },
    });
  });

  it.each([
    ['callback-forbidden', 403],
    ['invalid', 400],
    ['too-many-servers', 503],
    ['not-ready', 503],
  ])('is refused with %s as %d, with a text', async (code, expected) => {
    gateway = await two();
    answer('register', 'eu', refusal(code));
    const sent = { address, priority: 1, region: 'eu' };
    const { status, body } = await gateway.post('/servers', sent);
    expect({ status, body }).toEqual({ status: expected, body: { error: 'because' } });
  });

  it('answers 503 if no registrar is running', async () => {
    gateway = await two();
    const { status, body } = await gateway.post('/servers', { address, priority: 1, region: 'eu' });
    const error = 'no registrar is running for region eu';
    expect({ status, body }).toEqual({ status: 503, body: { error } });
  });
});

describe('POST /servers/{address}/keepalive', () => {
  it.each([address, encodeURIComponent(address)])('finds the region of %s', async (path) => {
    gateway = await two();
    const asked = answer('keep', 'us', registered);
    answer('keep', 'eu', refusal('unknown-server'));
    const { status } = await gateway.post(`/servers/${path}/keepalive`, { timeout: 60 });
    expect({ status, asked }).toEqual({ status: 200, asked: [{ address, timeout: 60 }] });
  });

  it('answers 404 only if every region has said that it does not know the server', async () => {
    gateway = await two();
    answer('keep', 'eu', refusal('unknown-server'));
    const path = `/servers/${address}/keepalive`;
    expect((await gateway.post(path, {})).status).toBe(503);
    answer('keep', 'us', refusal('unknown-server'));
    expect(await gateway.post(path, {})).toMatchObject({ status: 404, body: { error: 'because' } });
  });

  it('answers 400 to an invalid address', async () => {
    gateway = await two();
    expect((await gateway.post('/servers/nowhere/keepalive', {})).status).toBe(400);
  });
});

describe('DELETE /servers/{address}', () => {
  it('tells the registrar that the server has ended', async () => {
    gateway = await two();
    const asked = answer('end', 'eu', { status: 'deregistered', address });
    answer('end', 'us', refusal('unknown-server'));
    const { status } = await gateway.get(`/servers/${address}`, { method: 'DELETE' });
    const sent = { address, by: 'gamefabric', from: '127.0.0.1', isOperator: true };
    expect({ status, asked }).toEqual({ status: 200, asked: [sent] });
  });

  it.each([
    ['192.0.2.9', '192.0.2.9'],
    ['::ffff:192.0.2.9', '192.0.2.9'],
    ['2001:db8::9', '2001:db8::9'],
  ])('passes on what proves to be the server: its address %s and its token', async (ip, from) => {
    gateway = await TestGateway.start({
      GAMEFABRIC_REGISTRY_TOKENS: 'a-secret-of-servers',
      HTTP_PROXIES: '127.0.0.0/8',
    });
    const asked = answer('end', 'local', refusal('not-proven'));
    const { status, body } = await gateway.get(`/servers/${address}`, {
      method: 'DELETE',
      headers: {
        authorization: 'Bearer a-secret-of-servers',
        'x-forwarded-for': ip,
        'x-callback-token': 'theirs',
      },
    });
    expect({ status, body }).toEqual({ status: 403, body: { error: 'because' } });
    const sent = { address, by: 'registry (gamefabric)', from, proof: 'theirs' };
    expect(asked).toEqual([sent]);
  });
});
