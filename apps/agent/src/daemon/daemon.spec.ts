import { createLogger, SystemRandom, SystemClock } from '#service-runtime';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { Daemon } from './daemon.js';
import { daemonLimits } from './limits.js';
import { openDaemon } from './open-daemon.js';
import { TestSlots } from '../../test/support/slots.js';

const clock = new SystemClock();
const MATCH = '1a04a1ac-6b2c-4c0e-9f4a-0d9f1c2b3a4d';

describe('the daemon', () => {
  let slots: TestSlots;
  let daemon: Daemon;

  beforeEach(async () => {
    slots = new TestSlots('12345', '67890');
    daemon = await Daemon.open(deps(slots), { host: '127.0.0.1', port: 0 });
  });

  afterEach(() => daemon.close());

  const slot = (index = 0) => slots.slots[index]!;
  const ask = (path: string, request: RequestInit = {}) => fetch(`${daemon.url}${path}`, request);
  /** JSON without a content type, as the Go SDK sends it. */
  const bare = (method: string, body?: string): RequestInit =>
    body === undefined ? { method } : { method, body: new Blob([body]) };

  describe('asked for a payload', () => {
    const PATHS = [`/payload/${MATCH}`, `/v1/payload/allocations/${MATCH}`];

    it.each(PATHS)('answers at %s with the text, unchanged', async (path) => {
      slot().allocate(MATCH, 'mode=ctf "quoted"');
      const response = await ask(path);
      expect(response.status).toBe(200);
      expect(await response.text()).toBe('mode=ctf "quoted"');
    });

    it('answers with JSON if it is anything but text', async () => {
      slot(1).allocate(MATCH, { mode: 'ctf', teams: [1, 2] });
      const response = await ask(PATHS[0] ?? '');
      expect(await response.text()).toBe('{"mode":"ctf","teams":[1,2]}');
    });

    it.each(PATHS)('answers at %s that there is none', async (path) => {
      slot().allocate(MATCH, null);
      const response = await ask(path);
      expect(response.status).toBe(404);
      expect(await response.json()).toEqual({
        success: false,
        error: true,
        error_code: 404,
        error_message: expect.stringContaining(MATCH),
      });
    });
  });

  it.each(['/token', '/v1/payload/token', '/v4/token'])('answers %s with a JWT', async (path) => {
    const response = await ask(path);
    const { token, error } = (await response.json()) as { token: string; error: string };
    expect([response.status, error]).toEqual([200, '']);
    expect(decodeJwt(token)).toMatchObject({ iss: 'berth', sub: 'pier' });
  });

  describe('told that a game is ready', () => {
    const UNITY = `/v1/server/12345/allocation/${MATCH}/ready-for-players`;
    const GO = `/v1/servers/12345/allocations/${MATCH}`;

    it('accepts the request of Unity and of Unreal', async () => {
      slot().allocate(MATCH);
      expect((await ask(UNITY, { method: 'POST' })).status).toBe(200);
      expect(slot().isReady).toBe(true);
      expect((await ask('/v1/server/12345/unready', { method: 'POST' })).status).toBe(200);
      expect(slot().isReady).toBe(false);
    });

    it('accepts the request of the Go SDK, which has no content type', async () => {
      slot().allocate(MATCH);
      const response = await ask(GO, bare('PATCH', '{"ready":true}'));
      expect([response.status, await response.text()]).toEqual([204, '']);
      expect(slot().isReady).toBe(true);
      expect((await ask(GO, bare('PATCH', '{"ready":false}'))).status).toBe(204);
      expect(slot().isReady).toBe(false);
    });

    it.each([
      ['of an allocation that the server does not have', 'POST', UNITY],
      ['of an allocation that the server does not have, to Go', 'PATCH', GO],
      ['of a server that does not exist here', 'POST', UNITY.replace('12345', '1')],
      ['unready of a server that does not exist here', 'POST', '/v1/server/1/unready'],
    ])('answers 404 %s', async (_, method, path) => {
      const response = await ask(path, bare(method, '{"ready":true}'));
      expect(response.status).toBe(404);
      expect(await response.json()).toEqual({
        status: 404,
        title: 'Not Found',
        detail: expect.any(String),
      });
    });
  });

  describe('asked for a hold', () => {
    const HOLD = '/v1/servers/12345/hold';

    it('answers with its end, and shows it as long as it lasts', async () => {
      const before = Math.floor(clock.now() / 1_000);
      const set = await ask(HOLD, bare('POST', '{"timeout":"10m0s"}'));
      const body = (await set.json()) as { expiresAt: number; held: boolean };
      expect([set.status, body.held]).toEqual([200, true]);
      expect(body.expiresAt).toBeGreaterThanOrEqual(before + 600);
      expect(await (await ask(HOLD)).json()).toEqual(body);
      expect((await ask(HOLD, { method: 'DELETE' })).status).toBe(204);
      expect(await (await ask(HOLD)).json()).toEqual({ expiresAt: 0, held: false });
    });

    it.each(['{"timeout":"soon"}', '{"timeout":"0s"}', '{"timeout":600}', '{}', 'garbage'])(
      'answers 400 to %s, with the reason',
      async (body) => {
        const response = await ask(HOLD, bare('POST', body));
        expect(response.status).toBe(400);
        expect(await response.json()).toMatchObject({ status: 400, detail: expect.any(String) });
      },
    );
  });

  it('makes and releases a reservation', async () => {
    const path = '/v1/servers/12345/reservations';
    const response = await ask(path, bare('POST', '{}'));
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      buildConfigurationId: 4711,
      created: '2030-01-01T00:00:00.000Z',
      fulfilled: '2030-01-01T00:00:00.020Z',
      requested: '2030-01-01T00:00:00.000Z',
      gamePort: 7_000,
      ipv4: '203.0.113.7',
      ipv6: '2001:db8::77',
      reservationId: slot().session?.allocationId,
    });
    expect((await ask(path, bare('POST', '{}'))).status).toBe(409);
    expect((await ask(path, { method: 'DELETE' })).status).toBe(204);
    expect(slot().session).toBeNull();
  });

  it('accepts the number of players and the end of a session, and shows the current state', async () => {
    slot().allocate(MATCH, { secret: 'payload' });
    expect((await ask('/v1/servers/12345/players', bare('POST', '{"count":3}'))).status).toBe(204);
    expect(await (await ask('/v1/servers/12345')).json()).toEqual({
      serverId: '12345',
      allocationId: MATCH,
      ready: false,
      players: 3,
      heldUntil: null,
    });
    expect((await ask('/v1/servers/12345/done', { method: 'POST' })).status).toBe(204);
    expect((await ask('/v1/servers/12345/done', { method: 'POST' })).status).toBe(404);
    expect((await ask('/v1/servers/12345/players', bare('POST', '{"count":-1}'))).status).toBe(400);
  });

  it('returns the id of a request, whether it succeeds or fails', async () => {
    const headers = { 'x-request-id': 'request-1' };
    for (const path of ['/token', '/nowhere', '/v1/servers/1/hold']) {
      expect((await ask(path, { headers })).headers.get('x-request-id')).toBe('request-1');
    }
  });

  it('reads a body of any content type, but not one that is too long', async () => {
    const players = (type: string, body: string) =>
      ask('/v1/servers/12345/players', {
        method: 'POST',
        headers: { 'content-type': type },
        body,
      });
    for (const type of [
      'application/json',
      'text/plain',
      'application/x-www-form-urlencoded',
      '?',
    ]) {
      expect((await players(type, '{"count":1}')).status).toBe(204);
    }
    expect((await players('application/json', ' '.repeat(100_000))).status).toBe(413);
  });

  it('streams events: first the running session, then each change', async () => {
    slot().allocate(MATCH, { mode: 'ctf' });
    const response = await ask('/v1/servers/12345/events');
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    const read = async (until: string) => {
      while (!text.includes(until)) text += (await reader.read()).value ?? '';
    };
    await read('"token"');
    slot().deallocate();
    await read('deallocate');
    expect(text.split('\n').filter((line) => /^(event|data)/.test(line))).toEqual([
      'event: allocate',
      `data: {"allocationId":"${MATCH}","payload":{"mode":"ctf"},"token":"secret"}`,
      'event: deallocate',
      `data: {"allocationId":"${MATCH}"}`,
    ]);
    await reader.cancel();
  });
});

describe('a port that is taken', () => {
  it('is an error if it was chosen', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const opening = openDaemon(deps(new TestSlots()), { host: '127.0.0.1', port });
    await expect(opening).rejects.toThrow(`the SDK daemon cannot listen on 127.0.0.1:${port}`);
    other.close();
  });

  it('does not matter if no daemon is wanted', async () => {
    const where = { host: '127.0.0.1', port: 'off' } as const;
    expect(await openDaemon(deps(new TestSlots()), where)).toBeNull();
  });
});

function deps(slots: TestSlots) {
  const logger = createLogger('agent', 'silent');
  const random = new SystemRandom();
  return { slots, clock, random, logger, agent: 'pier', limits: daemonLimits };
}
