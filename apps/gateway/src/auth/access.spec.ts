import { past } from '#testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { TestDoor } from '../../test/support/door.js';
import { bearer } from '../../test/support/tokens.js';

let door: TestDoor;
beforeEach(async () => void (door = await TestDoor.create()));
afterEach(() => door.close());

describe('A request', () => {
  it('with a good token is served', async () => {
    const token = await door.tokens.add(['allocate']);
    await door.start();
    expect(await door.allocate(bearer(token))).toMatchObject({
      status: 201,
      body: { token: 'secret' },
    });
  });

  it('may send the same token as user name and password', async () => {
    const [, id, ...secret] = (await door.tokens.add(['allocate'])).split('_');
    await door.start();
    const basic = Buffer.from(`${id}:${secret.join('_')}`).toString('base64');
    expect((await door.allocate({ authorization: `Basic ${basic}` })).status).toBe(201);
  });

  it('without a token is refused, and told to send one', async () => {
    await door.start();
    const { status, headers, body } = await door.allocate({});
    expect({ status, body }).toMatchObject({
      status: 401,
      body: { code: 'unauthorized', status: 401, instance: '/v1/allocations' },
    });
    expect(body.detail).toContain('Authorization: Bearer');
    expect(headers.get('www-authenticate')).toBe('Bearer realm="berth"');
    expect(headers.get('x-request-id')).not.toBeNull();
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.has('server')).toBe(false);
  });

  it('gets the same answer for an unknown, a wrong, an expired and a garbled token', async () => {
    const expired = await door.tokens.add(['allocate'], { expiresAt: new Date(door.clock.now()) });
    const wrong = `${(await door.tokens.add(['allocate'])).slice(0, -4)}AAAA`;
    const unknown = `berth_000000000000_${'A'.repeat(43)}`;
    await door.start();
    const shown = [expired, wrong, unknown, 'x', 'berth_', `berth_${'0'.repeat(2_000)}`];
    const headers = [...shown.map(bearer), { authorization: 'Basic x' }, { authorization: 'x' }];
    const answers = await Promise.all(headers.map((header) => door.allocate(header)));
    const seen = answers.map(({ status, headers: answered, body: { requestId: _, ...body } }) =>
      JSON.stringify([status, answered.get('www-authenticate'), body]),
    );
    expect(new Set(seen).size).toBe(1);
    expect(seen[0]).toContain('401,"Bearer realm=\\"berth\\", error=\\"invalid_token\\""');
  });

  it.each([
    ['allocate', 'GET', '/v1/slots', 'observe'],
    ['register', 'GET', '/v1/allocations', 'allocate or observe'],
    ['operate', 'GET', '/v1/slots', 'observe'],
    ['operate', 'PUT', '/v1/build-configurations/x', 'deploy'],
    ['operate', 'PUT', '/v1/fleets/x/build-configuration', 'deploy'],
    ['operate', 'DELETE', '/v1/builds/x/versions/1', 'deploy'],
    ['deploy', 'PUT', '/v1/fleets/x', 'operate'],
    ['observe', 'POST', '/v1/slots/local.a.1/directions', 'operate'],
    ['observe', 'DELETE', '/v1/allocations/match-1', 'allocate or operate'],
    ['operate', 'POST', '/v1/allocations', 'allocate'],
    ['operate', 'GET', '/v1/events', 'audit'],
    ['audit', 'GET', '/v1/fleets', 'observe'],
    ['audit', 'GET', '/v1/slots/local.a.1', 'observe'],
  ] as const)('with the scope %s alone may not %s %s', async (scope, method, path, needed) => {
    const token = await door.tokens.add([scope]);
    await door.start();
    const { status, headers, body } = await door.gateway.get(path, {
      method,
      headers: bearer(token),
    });
    expect({ status, code: body.code }).toEqual({ status: 403, code: 'forbidden' });
    expect(body.detail).toBe(`this token may ${scope}; this needs ${needed}`);
    expect(headers.get('www-authenticate')).toContain('error="insufficient_scope"');
  });

  it('is refused before its body is read', async () => {
    await door.start();
    const answer = await door.gateway.post('/v1/allocations', '{broken');
    expect(answer.status).toBe(401);
  });

  it("to GameFabric’s routes is refused in GameFabric's error format", async () => {
    await door.start();
    const { status, headers, body } = await door.allocate({}, '/allocate');
    expect(status).toBe(401);
    expect(Object.keys(body)).toEqual(['error']);
    expect(headers.has('www-authenticate')).toBe(true);
  });

  it.each(['/healthz', '/readyz', '/', '/openapi.json'])('to %s needs no token', async (path) => {
    await door.start();
    expect((await door.gateway.fetch(path)).status).toBe(200);
  });

  it('leaves no secret in the log, whether it is accepted or refused', async () => {
    const good = await door.tokens.add(['allocate']);
    await door.start();
    await door.allocate(bearer(good));
    await door.allocate(bearer(`berth_000000000000_${'Z'.repeat(43)}`));
    const log = door.logged.join('');
    expect(log).toContain('"url":"/v1/allocations"');
    expect(log).not.toContain(good.slice(-20));
    expect(log).not.toContain('ZZZZ');
  });
});

describe('A token for one region', () => {
  beforeEach(async () => {
    const token = await door.tokens.add(['allocate', 'observe', 'operate'], { regions: ['eu'] });
    await door.start({ BERTH_REGIONS: 'local,eu' });
    headers = bearer(token);
    await door.gateway.record('local.a.1', past.live);
    await door.gateway.record('eu.a.1', past.warm);
  });
  let headers: Record<string, string>;

  it('is refused for another region', async () => {
    const refused = { status: 403, body: { code: 'wrong-region' } };
    expect(await door.allocate(headers)).toMatchObject(refused);
    expect(await door.gateway.get('/v1/slots/local.a.1', { headers })).toMatchObject(refused);
    expect(await door.gateway.get('/v1/slots?region=local', { headers })).toMatchObject(refused);
    expect(await door.gateway.get('/v1/fleets?region=local', { headers })).toMatchObject(refused);
    const direction = { direction: 'drain', reason: 'test', by: 'me' };
    expect(
      await door.gateway.post('/v1/agents/local.a/directions', direction, headers),
    ).toMatchObject(refused);
    expect(await door.gateway.post('/allocate', { region: 'local' }, headers)).toMatchObject({
      status: 403,
      body: { error: expect.stringContaining('region local') },
    });
  });

  it('shows nothing of another region', async () => {
    const { body } = await door.gateway.get('/v1/slots', { headers });
    expect(body.slots.map(({ id }: { id: string }) => id)).toEqual(['eu.a.1']);
    expect((await door.gateway.get('/v1/allocations', { headers })).body.allocations).toEqual([]);
    expect((await door.gateway.get('/v1/allocations/match-1', { headers })).status).toBe(404);
    expect((await door.gateway.get('/v1/slots/eu.a.1', { headers })).status).toBe(200);
  });
});

describe('The action of an operator', () => {
  it('is recorded under the name of the token', async () => {
    const token = await door.tokens.add(['operate'], { name: 'the night shift' });
    await door.start();
    const directed = door.gateway.answer('operate', () => ({ status: 'directed', slots: [] }));
    const released = door.gateway.answer('deallocate', () => ({
      status: 'refused',
      code: 'ended',
    }));
    const headers = bearer(token);
    const direction = { direction: 'drain', reason: 'test', by: 'ann' };
    await door.gateway.post('/v1/agents/local.a/directions', direction, headers);
    await door.gateway.get('/v1/allocations/match-1?region=local', { method: 'DELETE', headers });
    expect([...directed, ...released].map(({ by }) => by)).toEqual([
      'the night shift (api): ann',
      'the night shift (api)',
    ]);
  });
});

describe('A request for a server', () => {
  it('is recorded under the name of the token, whatever name it gives itself', async () => {
    const token = await door.tokens.add(['allocate'], { name: 'lobby eu' });
    await door.start();
    const refuse = () => ({ status: 'refused', code: 'none-available', message: 'full' });
    const asked = door.gateway.answer('allocate', refuse);
    const headers = bearer(token);
    await door.gateway.post('/v1/allocations', { region: 'local' }, headers);
    await door.gateway.post('/v1/allocations', { region: 'local', by: 'queue 7' }, headers);
    await door.gateway.post('/allocate', { region: 'local' }, headers);
    expect(asked.map(({ by }) => by)).toEqual([
      'lobby eu (api)',
      'lobby eu (api): queue 7',
      'lobby eu (gamefabric)',
    ]);
  });
});

describe('Payload and answer of an allocation', () => {
  it('are shown to tokens with scope allocate; others see only that they exist', async () => {
    const [matchmaker, observer, auditor] = await Promise.resolve().then(async () => [
      await door.tokens.add(['allocate', 'observe', 'audit']),
      await door.tokens.add(['observe']),
      await door.tokens.add(['audit']),
    ]);
    await door.start();
    await door.gateway.record('local.a.1', past.live);
    const shown = async (token: string | undefined, path: string) =>
      (await door.gateway.fetch(path, { headers: bearer(token ?? '') })).text();
    const history = '/v1/slots/local.a.1/events';
    const whole = await shown(matchmaker, history);
    const redacted = await shown(auditor, history);
    const payloadsIn = (text: string) =>
      (JSON.parse(text) as { events: { data: Record<string, unknown> }[] }).events.flatMap(
        ({ data: { payload, answer } }) => [payload, answer].filter((one) => one !== undefined),
      );
    expect(payloadsIn(whole)).not.toContain('[redacted]');
    expect(payloadsIn(redacted)).toEqual(payloadsIn(whole).map(() => '[redacted]'));
    const allocation = JSON.parse(await shown(observer, '/v1/allocations/match-1'));
    expect(allocation).toMatchObject({ requestPayload: '[redacted]', payload: '[redacted]' });
    expect(await shown(observer, '/v1/slots')).not.toContain('"token"');
  });
});

describe('An event stream', () => {
  it('hides payloads from an auditor, and ends when the token is revoked', async () => {
    const token = await door.tokens.add(['audit']);
    await door.start();
    const response = await door.gateway.fetch('/v1/events', { headers: bearer(token) });
    await door.gateway.record('local.a.1', past.live);
    await door.tokens.keep(() => false);
    await door.until(async () => {
      return (await door.gateway.fetch('/v1/events', { headers: bearer(token) })).status === 401;
    });
    door.clock.advance(15_000);
    const told = await response.text();
    expect(told).toContain('"payload":"[redacted]"');
    expect(told).toContain('"answer":"[redacted]"');
  });
});

describe('GameFabric’s tokens', () => {
  it('are all accepted, each list for its own routes', async () => {
    const [old, current, registry] = [
      'old-secret-of-20-ch',
      'new-secret-of-20-ch',
      'a-registry-secret-1',
    ];
    await door.start({
      BERTH_TOKENS: '',
      GAMEFABRIC_ALLOCATOR_TOKENS: `${old},${current}`,
      GAMEFABRIC_REGISTRY_TOKENS: registry,
    });
    for (const token of [old, current]) {
      expect((await door.allocate(bearer(token ?? ''), '/allocate')).status).toBe(200);
    }
    expect((await door.allocate(bearer(registry ?? ''), '/allocate')).status).toBe(403);
    expect((await door.allocate(bearer(`${old}x`), '/allocate')).status).toBe(401);
  });

  it('must be too long to be guessed', async () => {
    const settings = { GAMEFABRIC_ALLOCATOR_TOKENS: 'short' };
    await expect(door.start(settings)).rejects.toThrow('a token must have 16 characters or more');
  });
});

describe('A token above its rate limit', () => {
  it('is told when to try again', async () => {
    const token = await door.tokens.add(['allocate'], { rate: { qps: 1, burst: 2 } });
    const other = await door.tokens.add(['allocate']);
    await door.start();
    for (const expected of [201, 201, 429]) {
      expect((await door.allocate(bearer(token))).status).toBe(expected);
    }
    const { headers, body } = await door.allocate(bearer(token));
    expect(headers.get('retry-after')).toBe('1');
    expect(body).toMatchObject({ code: 'too-many-requests', status: 429 });
    expect(Object.keys((await door.allocate(bearer(token), '/allocate')).body)).toEqual(['error']);
    expect((await door.allocate(bearer(other))).status).toBe(201);
    door.clock.advance(1_000);
    expect((await door.allocate(bearer(token))).status).toBe(201);
  });
});
