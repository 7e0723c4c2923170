import { installationExamples } from '../../openapi/examples/installation.js';
import { NotPermitted } from '#kernel';
import { encodeJson, endpoints, streamsAnswer } from '#wire';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { TestGateway } from '../../../test/support/gateway.js';

const { example } = endpoints.streams;
const alive = endpoints.alive.example;
const { requests } = installationExamples['installation_waiting']?.answers?.[200] as {
  readonly requests: readonly object[];
};

let gateway: TestGateway;
beforeEach(async () => void (gateway = await TestGateway.start()));
afterEach(() => gateway.close());

const tellAlive = (id: string, change: object) =>
  gateway.bus.publish(`alive.local.allocator.${id}`, encodeJson({ ...alive, ...change }));

describe('GET /v1/installation', () => {
  it('shows who is heard, this gateway among them, and what an allocator says of streams', async () => {
    gateway.answer('streams', () => example.answer);
    tellAlive('b', { waiting: 1 });
    tellAlive('a', { version: '0.2.0' });
    tellAlive('b', { waiting: 0 });
    const { status, body } = await gateway.get('/v1/installation');
    expect(status).toBe(200);
    const { streams, missing, servers } = streamsAnswer.options[0].parse(example.answer);
    expect(body).toEqual({
      regions: [
        {
          region: 'local',
          services: [
            {
              ...alive,
              service: 'allocator',
              id: 'a',
              version: '0.2.0',
              heardAt: expect.any(Number),
            },
            { ...alive, service: 'allocator', id: 'b', waiting: 0, heardAt: expect.any(Number) },
            expect.objectContaining({ service: 'gateway', waiting: null, server: null }),
          ],
          ...{ streams, missing, servers },
        },
      ],
    });
  });

  it('shows the rest if the permissions on NATS do not let it ask for streams', async () => {
    gateway.bus.request = (subject) => Promise.reject(new NotPermitted('not allowed', subject));
    const [region] = (await gateway.get('/v1/installation?region=local')).body.regions;
    const untold = { streams: null, missing: [], servers: null };
    expect(region).toMatchObject({ ...untold, services: [{ service: 'gateway' }] });
  });

  it('shows the rest if no allocator can tell of streams', async () => {
    const [region] = (await gateway.get('/v1/installation?region=local')).body.regions;
    expect(region).toMatchObject({ streams: null, services: [{ service: 'gateway' }] });
    expect((await gateway.get('/v1/installation?region=mars')).status).toBe(404);
  });
});

describe('GET /v1/waiting', () => {
  it('asks the allocators at which requests wait, and no others', async () => {
    tellAlive('a', { waiting: 3 });
    tellAlive('b', { waiting: 0 });
    const [{ region, allocator, ...waits }] = requests as [{ region: string; allocator: string }];
    gateway.bus.subscribe('waiting.local.a', ({ respond }) =>
      respond(encodeJson({ status: 'waiting', requests: [waits] })),
    );
    const { status, body } = await gateway.get('/v1/waiting');
    expect(status).toBe(200);
    expect(body).toEqual({ waiting: 3, requests: [{ region, allocator: 'a', ...waits }] });
    expect(allocator).toBe('a');
  });

  it('shows the id by which the request of a project is found', async () => {
    tellAlive('a', { waiting: 1 });
    const waits = { ...requests[0], allocationId: 'acme match-1' };
    gateway.bus.subscribe('waiting.local.a', ({ respond }) =>
      respond(encodeJson({ status: 'waiting', requests: [waits] })),
    );
    const { body } = await gateway.get('/v1/waiting');
    expect(body.requests).toMatchObject([{ allocationId: 'acme match-1' }]);
  });

  it('answers 503 if one of them is gone', async () => {
    tellAlive('a', { waiting: 1 });
    const { status, body } = await gateway.get('/v1/waiting');
    expect([status, body.code]).toEqual([503, 'no-allocator']);
  });
});
