import { encodeJson, JsonText } from '#json';
import { granted, past } from '#testing';
import type { RefusalCode } from '#wire';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { TestGateway } from '../../../test/support/gateway.js';

let gateway: TestGateway;
beforeEach(async () => void (gateway = await TestGateway.start()));
afterEach(() => gateway.close());

const grant = () =>
  gateway.answer('allocate', ({ allocationId }) => ({ ...granted, allocationId }));
const PATH = '/v1/allocations';
const AUTOMATIC = /^[0-9a-f-]{36}$/;

describe('POST /v1/allocations', () => {
  it('answers with the grant, and its URL', async () => {
    const asked = grant();
    const { status, headers, body } = await gateway.post(PATH, {
      region: 'local',
      allocationId: 'match/1',
      attributes: { map: 'docks' },
      payload: { mode: 'ctf' },
    });
    const { status: _, ...grantedBody } = granted;
    expect({ status, body }).toEqual({
      status: 201,
      body: { ...grantedBody, allocationId: 'match/1' },
    });
    expect(headers.get('location')).toBe('/v1/allocations/match%2F1');
    expect(asked).toEqual([
      {
        region: 'local',
        allocationId: 'match/1',
        attributes: { map: 'docks' },
        by: 'berth/gateway',
        payload: { mode: 'ctf' },
        restart: false,
        waitMs: 0,
        timeoutMs: 15_000,
      },
    ]);
  });

  it('makes up an id if none is given', async () => {
    const asked = grant();
    const { body } = await gateway.post(PATH, { region: 'local' });
    expect(body.allocationId).toMatch(AUTOMATIC);
    expect(asked[0]?.['allocationId']).toBe(body.allocationId);
  });

  it('takes the id from Idempotency-Key', async () => {
    grant();
    const { body } = await gateway.post(PATH, { region: 'local' }, { 'idempotency-key': 'k-1' });
    expect(body.allocationId).toBe('k-1');
  });

  it('accepts an id that is given twice, but not two different ids', async () => {
    grant();
    const request = { region: 'local', allocationId: 'k-1' };
    const same = await gateway.post(PATH, request, { 'idempotency-key': 'k-1' });
    expect(same.status).toBe(201);
    const other = await gateway.post(PATH, request, { 'idempotency-key': 'k-2' });
    expect(other).toMatchObject({ status: 400, body: { code: 'invalid' } });
  });

  it.each<[RefusalCode, number, string | null]>([
    ['invalid', 400, null],
    ['ended', 410, null],
    ['cancelled', 409, null],
    ['expired', 410, null],
    ['shed', 503, '1'],
    ['callback-failed', 502, null],
    ['none-available', 503, '1'],
    ['fleet-maximum', 503, '1'],
    ['unknown-fleet', 404, null],
    ['nothing-fits', 404, null],
    ['not-ready', 503, '1'],
    ['timed-out', 504, null],
  ])('answers the refusal %s with %i', async (code, expected, retryAfter) => {
    gateway.answer('allocate', () => ({ status: 'refused', code, message: 'because' }));
    const answer = await gateway.post(PATH, { region: 'local', allocationId: 'm' });
    expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(answer.headers.get('retry-after')).toBe(retryAfter);
    expect(answer.status).toBe(expected);
    expect(answer.body).toEqual({
      type: `/errors#${code}`,
      title: expect.any(String),
      status: expected,
      detail: 'because',
      instance: PATH,
      code,
      requestId: answer.headers.get('x-request-id'),
      allocationId: 'm',
    });
  });

  it('says what stood in the way, where the allocator does', async () => {
    const grounds = { passedOver: { lost: 2 } };
    const refused = { status: 'refused', code: 'agents-lost', message: 'because', grounds };
    gateway.answer('allocate', () => refused);
    const { status, body } = await gateway.post(PATH, { region: 'local' });
    expect([status, body]).toMatchObject([503, { code: 'agents-lost', grounds }]);
  });

  it('says that nobody knows the region, where no allocator answers and it is not shown', async () => {
    const { status, headers, body } = await gateway.post(PATH, { region: 'mars' });
    expect([status, headers.get('retry-after')]).toEqual([404, null]);
    expect(body).toMatchObject({ code: 'unknown-region' });
  });

  it('says so if no allocator is running', async () => {
    const { status, headers, body } = await gateway.post(PATH, { region: 'local' });
    expect(status).toBe(503);
    expect(headers.get('retry-after')).toBe('1');
    expect(body).toMatchObject({
      code: 'no-allocator',
      detail: 'no allocator is running for region local',
      allocationId: expect.stringMatching(AUTOMATIC),
    });
  });

  it('says so if no answer arrives in time, with the id for another attempt', async () => {
    gateway.bus.subscribe('allocate.local', () => undefined);
    const { status, body } = await gateway.post(PATH, { region: 'local', timeoutMs: 1 });
    expect(status).toBe(504);
    expect(body).toMatchObject({
      code: 'timed-out',
      allocationId: expect.stringMatching(AUTOMATIC),
    });
  });

  it('says so if the answer cannot be read', async () => {
    gateway.answer('allocate', () => ({ status: 'allocated' }));
    const { status, body } = await gateway.post(PATH, { region: 'local' });
    expect({ status, code: body.code }).toEqual({ status: 502, code: 'bad-answer' });
  });

  it.each([
    ['no region', {}, 'region: '],
    ['an invalid region name', { region: 'a.b' }, 'region: '],
    ['an unknown field', { region: 'local', regoin: 1 }, 'regoin'],
    ['an id with spaces', { region: 'local', allocationId: 'a b' }, 'allocationId: '],
    ['attributes that are not text', { region: 'local', attributes: { a: 1 } }, 'attributes.a: '],
    ['a list', [], 'expected object'],
    ['a value that is not an object', 'null', 'JSON body is required'],
    ['malformed JSON', '{', 'JSON'],
    ['a poisoned prototype', '{"region":"local","__proto__":{"a":1}}', '__proto__'],
    ['nothing', '', 'empty'],
  ])('refuses a body with %s', async (_, sent, detail) => {
    const { status, headers, body } = await gateway.post(PATH, sent);
    expect({ status, code: body.code }).toEqual({ status: 400, code: 'invalid' });
    expect(body.detail).toContain(detail);
    expect(headers.get('content-type')).toContain('application/problem+json');
  });

  it('treats names such as __proto__ as data', async () => {
    const asked = grant();
    const attributes = { constructor: 'x', toString: 'y' };
    expect((await gateway.post(PATH, { region: 'local', attributes })).status).toBe(201);
    expect(asked[0]?.['attributes']).toEqual(attributes);
  });

  it.each(['application/x-www-form-urlencoded', 'text/plain'])('refuses %s', async (type) => {
    const { status, body } = await gateway.post(PATH, 'region=local', { 'content-type': type });
    expect({ status, code: body.code }).toEqual({ status: 415, code: 'not-json' });
    expect(body.detail).toContain('Content-Type: application/json');
  });

  it.each([
    ['a payload', 256 * 1024, 400, 'invalid', '262144 bytes at most'],
    ['a body', 320 * 1024, 413, 'too-large', '327680 bytes at most'],
  ])('refuses %s that is too large', async (_, bytes, status, code, detail) => {
    const payload = 'x'.repeat(bytes);
    const answer = await gateway.post(PATH, { region: 'local', payload });
    expect({ status: answer.status, code: answer.body.code }).toEqual({ status, code });
    expect(answer.body.detail).toContain(detail);
  });

  it('passes payload and answer on unchanged', async () => {
    const exact =
      '{"steamId":76561198000000001,"u64":18446744073709551615,"e":1e400,"__proto__":{}}';
    const heard: string[] = [];
    gateway.bus.subscribe('allocate.local', ({ body, respond }) => {
      heard.push(new TextDecoder().decode(body));
      const { allocationId } = JSON.parse(heard[0] ?? '');
      respond(encodeJson({ ...granted, allocationId, payload: JsonText.read(exact) }));
    });
    const response = await gateway.fetch(PATH, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: `{"region":"local","payload":${exact}}`,
    });
    expect(response.status).toBe(201);
    expect(await response.text()).toContain(`"payload":${exact}`);
    expect(heard[0]).toContain(`"payload":${exact}`);
  });
});

describe('GET /v1/allocations', () => {
  it('lists the current allocations in pages', async () => {
    await gateway.record('local.a.1', past.live);
    await gateway.record('local.a.2', past.warm);
    const { body } = await gateway.get(`${PATH}?limit=1`);
    expect(body.allocations).toMatchObject([{ allocationId: 'match-1', slot: 'local.a.1' }]);
    expect(body.next).toBeUndefined();
  });

  it.each(['limit=0', 'limit=1001', 'limit=x', 'limt=1', 'after=a&after=b'])(
    'refuses ?%s',
    async (query) => expect((await gateway.get(`${PATH}?${query}`)).status).toBe(400),
  );
});

describe('GET /v1/allocations/{id}', () => {
  it('shows a running allocation without its token', async () => {
    await gateway.record('local.a.1', past.live);
    const { status, body } = await gateway.get(`${PATH}/match-1`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      allocationId: 'match-1',
      status: 'live',
      slot: 'local.a.1',
      region: 'local',
      address: '192.0.2.1:7777',
      payload: { ready: true },
      end: null,
    });
    expect(JSON.stringify(body)).not.toContain('secret');
  });

  it('shows how an allocation ended, before and after its slot is cleared', async () => {
    await gateway.record('local.a.1', past.deallocated);
    await gateway.record('local.a.2', past.cleared);
    const { body } = await gateway.get(`${PATH}/match-1`);
    expect(body).toMatchObject({ status: 'ended', end: { by: 'DeallocationRequested' } });
  });

  it('answers 404 for an unknown allocation', async () => {
    const { status, body } = await gateway.get(`${PATH}/${encodeURIComponent('~'.repeat(128))}`);
    expect({ status, code: body.code }).toEqual({ status: 404, code: 'unknown-allocation' });
  });
});

describe('DELETE /v1/allocations/{id}', () => {
  const remove = (path: string) => gateway.get(`${PATH}/${path}`, { method: 'DELETE' });

  it('ends it', async () => {
    await gateway.record('local.a.1', past.live);
    const asked = gateway.answer('deallocate', ({ allocationId }) => ({
      status: 'deallocated',
      allocationId,
      slot: 'local.a.1',
    }));
    const { status, body } = await remove('match-1?reason=over');
    expect({ status, body }).toEqual({
      status: 200,
      body: { allocationId: 'match-1', slot: 'local.a.1' },
    });
    expect(asked).toEqual([
      { allocationId: 'match-1', region: 'local', reason: 'over', by: 'berth/gateway' },
    ]);
  });

  it('answers 404 if the allocator does not know it', async () => {
    gateway.answer('deallocate', () => ({
      status: 'refused',
      code: 'unknown-allocation',
      message: 'no such allocation is known',
    }));
    expect((await remove('nobody')).status).toBe(404);
  });

  it('asks in the given region', async () => {
    const { status, body } = await remove('m?region=mars');
    expect({ status, code: body.code }).toEqual({ status: 503, code: 'no-allocator' });
  });
});
