import { TransientError } from '#kernel';
import { ManualClock, MemoryBus } from '#memory';
import { granted, past } from '#testing';
import { encodeJson, endpoints } from '#wire';
import { afterEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { connect } from 'node:net';
import { TestGateway } from '../test/support/gateway.js';

let gateway: TestGateway;
afterEach(() => gateway.close());

describe('the gateway', () => {
  it('describes itself', async () => {
    gateway = await TestGateway.start();
    const { status, body } = await gateway.get('/');
    expect({ status, body }).toMatchObject({
      status: 200,
      body: {
        name: 'berth-gateway',
        version: expect.stringMatching(/^\d+\./),
        links: { slots: '/v1/slots' },
      },
    });
  });

  it.each([
    ['GET', '/v1/nothing', 404, 'unknown-route', 'there is no GET /v1/nothing; GET / lists'],
    ['DELETE', '/v1/slots', 405, 'method-not-allowed', '/v1/slots allows GET, HEAD'],
  ])('answers %s %s with a problem', async (method, path, expected, code, detail) => {
    gateway = await TestGateway.start();
    const { status, headers, body } = await gateway.get(path, { method });
    expect(headers.get('content-type')).toContain('application/problem+json');
    expect({ status, body }).toMatchObject({
      status: expected,
      body: { code, detail: expect.stringContaining(detail), instance: path },
    });
    expect(headers.get('allow')).toBe(expected === 405 ? 'GET, HEAD' : null);
  });

  it('answers a path that cannot be decoded with a problem', async () => {
    gateway = await TestGateway.start();
    const { status, headers } = await gateway.get('/v1/slots/%zz');
    expect(status).toBe(400);
    expect(headers.get('content-type')).toContain('application/problem+json');
  });

  it('gives each request an id, or keeps the one it has', async () => {
    gateway = await TestGateway.start();
    expect((await gateway.get('/healthz')).headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    const headers = { 'x-request-id': 'mine' };
    expect((await gateway.get('/v1/no', { headers })).headers.get('x-request-id')).toBe('mine');
  });

  it('says clearly that its port is taken', async () => {
    gateway = await TestGateway.start();
    await expect(TestGateway.start({ HTTP_PORT: `${gateway.port}` })).rejects.toThrow(
      `port ${gateway.port} on 127.0.0.1 is taken by another program`,
    );
  });

  it('reveals nothing about internal errors', async () => {
    gateway = await TestGateway.start();
    gateway.log.read = () => {
      throw new TypeError('inner secret');
    };
    const { status, body } = await gateway.get('/v1/slots/local.a.1/events');
    expect({ status, code: body.code }).toEqual({ status: 500, code: 'internal' });
    expect(JSON.stringify(body)).not.toContain('inner secret');
  });

  it('finishes running requests before it stops', async () => {
    gateway = await TestGateway.start();
    let respond = () => undefined as void;
    const asked = new Promise<void>((resolve) => {
      gateway.bus.subscribe('allocate.local', (message) => {
        respond = () => message.respond(new TextEncoder().encode(JSON.stringify(granted)));
        resolve();
      });
    });
    const answer = gateway.post('/v1/allocations', { region: 'local' });
    await asked;
    const closed = gateway.close();
    respond();
    expect((await answer).status).toBe(201);
    await closed;
  });

  it('ends event streams when it stops', async () => {
    gateway = await TestGateway.start();
    const socket = connect(gateway.port, '127.0.0.1');
    socket.write('GET /v1/events HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n');
    await once(socket, 'data');
    const ended = once(socket, 'end');
    await gateway.close();
    await ended;
  });
});

describe('GET /healthz', () => {
  it('says that the process is up, even if NATS is away', async () => {
    gateway = await TestGateway.start({}, { busAwayBecause: () => 'NATS is away' });
    expect((await gateway.get('/healthz')).status).toBe(200);
  });
});

describe('GET /readyz', () => {
  it('says ready once the view has caught up', async () => {
    gateway = await TestGateway.start();
    await gateway.record('local.a.1', past.cold);
    expect(await gateway.get('/readyz')).toMatchObject({ status: 200, body: { status: 'ready' } });
  });

  it('says what is away', async () => {
    gateway = await TestGateway.start({}, { busAwayBecause: () => 'NATS is away' });
    expect(await gateway.get('/readyz')).toMatchObject({
      status: 503,
      body: { status: 'not ready', reasons: ['NATS is away'] },
    });
  });

  it('says what an allocator says, once a second', async () => {
    const clock = new ManualClock();
    gateway = await TestGateway.start({}, { clock });
    const reasons = async () => (await gateway.get('/readyz')).body.reasons as unknown;
    await gateway.record('local.a.1', past.cold);
    expect(await reasons()).toBeUndefined();
    gateway.allocator = { status: 'refused', code: 'not-ready', message: 'the disk is full' };
    expect(await reasons()).toBeUndefined();
    clock.advance(1_000);
    expect(await reasons()).toEqual(['region local: the disk is full']);
  });

  it('is not ready where no allocator runs', async () => {
    const clock = new ManualClock();
    gateway = await TestGateway.start({}, { clock, ownBus: new MemoryBus(clock) });
    expect((await gateway.get('/readyz')).body.reasons).toEqual([
      'region local: no allocator is running',
    ]);
  });

  it('is ready with allocators of the last version, which know another question', async () => {
    const clock = new ManualClock();
    const ownBus = new MemoryBus(clock);
    ownBus.subscribe(endpoints.fleets.subject.of({ region: 'local' }), (message) =>
      message.respond(encodeJson({ status: 'fleets', fleets: [] })),
    );
    gateway = await TestGateway.start({}, { clock, ownBus });
    expect((await gateway.get('/readyz')).status).toBe(200);
  });

  it('says which region cannot be read, and answers 503 for it meanwhile', async () => {
    let isThere = false;
    const clock = new ManualClock();
    const openLog = () =>
      isThere
        ? Promise.resolve(gateway.log)
        : Promise.reject(new TransientError('there is no stream'));
    gateway = await TestGateway.start({}, { openLog, clock });
    expect((await gateway.get('/readyz')).body.reasons).toEqual([
      'region local: there is no stream',
    ]);
    for (const path of ['/v1/slots', '/v1/slots/local.a.1', '/v1/allocations/m', '/v1/events']) {
      expect(await gateway.get(path)).toMatchObject({ status: 503, body: { code: 'not-ready' } });
    }
    isThere = true;
    clock.advance(10_000);
    expect((await gateway.get('/readyz')).status).toBe(200);
  });
});
