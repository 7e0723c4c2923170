import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { TestGateway } from '../../../test/support/gateway.js';

let gateway: TestGateway;
beforeEach(async () => void (gateway = await TestGateway.start()));
afterEach(() => gateway.close());

const size = { minAvailable: 1, max: 5, buffer: 2 };
const runs = { buildConfiguration: null, atATime: 1, rollout: null, failing: [] };
const harbour = {
  id: 'local.harbour',
  size,
  revision: 7,
  allocated: 1,
  warm: 2,
  cold: 3,
  ...runs,
};
const PATH = '/v1/fleets/local.harbour';
const wanted = { reason: 'the season begins', by: 'me' };

function put(body: unknown, headers: Record<string, string> = {}, path = PATH) {
  return gateway.get(path, {
    method: 'PUT',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

describe('GET /v1/fleets', () => {
  it('shows the fleets of all regions', async () => {
    const asked = gateway.answer('fleets', () => ({ status: 'fleets', fleets: [harbour] }));
    expect((await gateway.get('/v1/fleets')).body).toEqual({ fleets: [harbour] });
    expect(asked).toEqual([{ region: 'local' }]);
  });

  it('answers 503 if no allocator is running', async () => {
    const { status, body } = await gateway.get('/v1/fleets');
    expect({ status, code: body.code }).toEqual({ status: 503, code: 'no-allocator' });
  });
});

describe('GET /v1/fleets/{id}', () => {
  it('shows one, with its revision as ETag', async () => {
    const asked = gateway.answer('fleets', () => ({ status: 'fleets', fleets: [harbour] }));
    const { body, headers } = await gateway.get(PATH);
    expect(body).toEqual(harbour);
    expect(headers.get('etag')).toBe('"7"');
    expect(asked).toEqual([{ region: 'local', fleet: 'harbour' }]);
  });

  it.each(['local.unheard', 'local', 'local.a.b'])('answers 404 for %s', async (name) => {
    gateway.answer('fleets', () => ({ status: 'fleets', fleets: [] }));
    const { status, body } = await gateway.get(`/v1/fleets/${name}`);
    expect({ status, code: body.code }).toEqual({ status: 404, code: 'unknown-fleet' });
  });
});

describe('PUT /v1/fleets/{id}', () => {
  it('sets the size, and returns the new state', async () => {
    const asked = gateway.answer('size', () => ({ status: 'sized', fleet: harbour }));
    const { status, body, headers } = await put({ ...size, ...wanted });
    expect({ status, body, etag: headers.get('etag') }).toEqual({
      status: 200,
      body: harbour,
      etag: '"7"',
    });
    expect(asked).toEqual([{ region: 'local', fleet: 'harbour', size, ...wanted }]);
  });

  it('sets it with If-Match only if nobody has changed it since', async () => {
    const asked = gateway.answer('size', () => ({
      status: 'refused',
      code: 'stale-revision',
      message: 'read it again',
    }));
    const { status, body } = await put({ ...size, ...wanted }, { 'if-match': '"6"' });
    expect({ status, code: body.code }).toEqual({ status: 412, code: 'stale-revision' });
    expect(asked).toMatchObject([{ revision: 6 }]);
  });

  it.each([
    [{ ...size, max: 1 }, {}],
    [{ ...size, buffer: -1 }, {}],
    [{ max: 3 }, {}],
    [size, { 'if-match': 'seven' }],
  ])('answers 400 to %j with %j', async (body, headers) => {
    expect((await put(body, headers as Record<string, string>)).status).toBe(400);
  });
});

describe('DELETE /v1/fleets/{id}', () => {
  it('removes the size', async () => {
    const unsized = { ...harbour, size: null };
    const asked = gateway.answer('size', () => ({ status: 'sized', fleet: unsized }));
    const path = `${PATH}?reason=over&by=me`;
    expect((await gateway.get(path, { method: 'DELETE' })).body).toEqual(unsized);
    expect(asked).toEqual([
      { region: 'local', fleet: 'harbour', size: null, reason: 'over', by: 'me' },
    ]);
  });
});
