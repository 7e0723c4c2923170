import { LogRefused, TransientError } from '#kernel';
import { ManualClock, MemoryOutcomeStore, MemoryRequestQueue } from '#memory';
import { granted } from '#testing';
import {
  decodeJson,
  encodeJson,
  publishedRequest,
  refusalSubject,
  resultSubject,
  type QueuedRequest,
} from '#wire';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { TestGateway } from '../../../test/support/gateway.js';

const PATH = '/v1/requests';

let gateway: TestGateway;
let queue: MemoryRequestQueue;
let outcomes: MemoryOutcomeStore;
beforeEach(async () => {
  const clock = new ManualClock(0);
  queue = new MemoryRequestQueue(clock);
  outcomes = new MemoryOutcomeStore(clock);
  gateway = await TestGateway.start({}, { queueOf: () => queue, outcomesOf: () => outcomes });
});
afterEach(() => gateway.close());

/** The next request from the queue. */
function next(): Promise<QueuedRequest> {
  return new Promise((resolve) => void queue.consume(resolve, 1));
}

const record = (answer: object, allocationId = 'match-1') =>
  outcomes.record(
    resultSubject('local', allocationId),
    encodeJson({ allocationId, publishedAt: 1, answeredAt: 2, answer }),
  );

describe('POST /v1/requests', () => {
  it('stores the request, and returns the URL of its result', async () => {
    const asked = { region: 'local', allocationId: 'match/1', attributes: { map: 'docks' } };
    const { status, headers, body } = await gateway.post(PATH, asked);
    expect(status).toBe(202);
    expect(headers.get('location')).toBe('/v1/requests/match%2F1?region=local');
    expect(body).toEqual({ allocationId: 'match/1', region: 'local', status: 'pending' });
    const request = decodeJson(publishedRequest, (await next()).body);
    expect(request).toMatchObject({ allocationId: 'match/1', attributes: { map: 'docks' } });
  });

  it('makes up an id if none is given, or takes it from Idempotency-Key', async () => {
    const made = await gateway.post(PATH, { region: 'local' });
    expect(made.body.allocationId).toMatch(/^[0-9a-f-]{36}$/);
    const key = { 'idempotency-key': 'k-1' };
    expect((await gateway.post(PATH, { region: 'local' }, key)).body.allocationId).toBe('k-1');
  });

  it.each([
    ['no region', {}],
    ['an unknown field', { region: 'local', regoin: 1 }],
    ['a wait that is too long', { region: 'local', waitMs: 1e12 }],
    ['nothing', ''],
  ])('refuses a body with %s', async (_, sent) => {
    const { status, body } = await gateway.post(PATH, sent);
    expect({ status, code: body.code }).toEqual({ status: 400, code: 'invalid' });
  });

  it('refuses a region that the gateway does not serve', async () => {
    expect((await gateway.post(PATH, { region: 'mars' })).status).toBe(404);
  });

  it('says so if the queue is full or cannot be reached', async () => {
    queue.publish = () => Promise.reject(new LogRefused(10_077, 'maximum messages exceeded'));
    const full = await gateway.post(PATH, { region: 'local', allocationId: 'm' });
    expect(full).toMatchObject({ status: 503, body: { code: 'shed', allocationId: 'm' } });
    queue.publish = () => Promise.reject(new TransientError('JetStream does not answer'));
    const away = await gateway.post(PATH, { region: 'local' });
    expect(away).toMatchObject({ status: 503, body: { code: 'not-ready' } });
  });
});

describe('GET /v1/requests/{id}', () => {
  it('answers 404 if nothing was published', async () => {
    const { status, body } = await gateway.get(`${PATH}/match-1`);
    expect({ status, code: body.code }).toEqual({ status: 404, code: 'unknown-allocation' });
  });

  it('answers 404 if the queue refused the request, and pending once it accepts it', async () => {
    const { publish } = queue;
    const asked = { region: 'local', allocationId: 'match-1' };
    queue.publish = () => Promise.reject(new LogRefused(10_077, 'maximum messages exceeded'));
    expect((await gateway.post(PATH, asked)).status).toBe(503);
    expect((await gateway.get(`${PATH}/match-1`)).status).toBe(404);
    queue.publish = publish;
    expect((await gateway.post(PATH, asked)).status).toBe(202);
    expect((await gateway.get(`${PATH}/match-1`)).body).toMatchObject({ status: 'pending' });
  });

  it('is pending until there is a result', async () => {
    await gateway.post(PATH, { region: 'local', allocationId: 'match-1' });
    const { status, body } = await gateway.get(`${PATH}/match-1`);
    expect({ status, body }).toEqual({
      status: 200,
      body: { allocationId: 'match-1', region: 'local', status: 'pending' },
    });
  });

  it('returns the grant, also later', async () => {
    await record(granted);
    const { status: _, ...allocation } = granted;
    for (let times = 0; times < 2; times += 1) {
      expect((await gateway.get(`${PATH}/match-1?region=local`)).body).toEqual({
        allocationId: 'match-1',
        region: 'local',
        status: 'allocated',
        publishedAt: 1,
        answeredAt: 2,
        allocation,
      });
    }
  });

  it.each(['expired', 'cancelled', 'callback-failed', 'ended'] as const)(
    'returns the refusal %s',
    async (code) => {
      await record({ status: 'refused', code, message: 'because' });
      const { status, body } = await gateway.get(`${PATH}/match-1`);
      expect(status).toBe(200);
      expect(body).toMatchObject({ status: 'refused', code, message: 'because' });
    },
  );

  it('refuses an invalid id, and a region that the gateway does not serve', async () => {
    expect((await gateway.get(`${PATH}/a%20b%20c`)).status).toBe(400);
    await gateway.post(PATH, { region: 'local', allocationId: 'match-1' });
    expect((await gateway.get(`${PATH}/asked%20match-1`)).status).toBe(400);
    expect((await gateway.get(`${PATH}/m?region=mars`)).status).toBe(404);
  });
});

describe('GET /v1/refusals', () => {
  const refuse = (allocationId: string) =>
    outcomes.record(
      refusalSubject('local', allocationId),
      encodeJson({
        ...{ allocationId, region: 'local', by: 'lobby', fleet: 'harbour', attributes: {} },
        ...{ buildConfiguration: null, askedAt: 1, refusedAt: 2, code: 'none-available' },
        ...{ message: 'no server is available', allocator: 'a1' },
      }),
    );

  it('lists who was not served, and why, in pages', async () => {
    for (const id of ['a', 'b', 'c']) await refuse(id);
    const first = await gateway.get('/v1/refusals?region=local&limit=2');
    const idsOf = (page: typeof first) =>
      (page.body.refusals as { allocationId: string }[]).map(({ allocationId }) => allocationId);
    expect(first.body.refusals[0]).toMatchObject({ by: 'lobby', code: 'none-available' });
    expect(idsOf(first)).toEqual(['a', 'b']);
    const rest = await gateway.get(
      `/v1/refusals?region=local&limit=2&after=${String(first.body.next)}`,
    );
    expect(idsOf(rest)).toEqual(['c']);
    expect(rest.body.next).toBeUndefined();
  });

  it.each(['', 'region=local&after=x', 'region=local&since=-1', 'region=a.b'])(
    'refuses ?%s',
    async (query) => expect((await gateway.get(`/v1/refusals?${query}`)).status).toBe(400),
  );
});
