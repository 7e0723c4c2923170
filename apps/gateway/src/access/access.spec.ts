import { ManualClock } from '#memory';
import { past } from '#testing';
import { REREAD_MS } from '#access';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { get } from 'node:http';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { TestGateway, granted } from '../test-gateway.js';
import { TestTokens, bearer } from './test-tokens.js';

let tokens: TestTokens;
let gateway: TestGateway | undefined;
let logged: string[];
beforeEach(async () => {
  tokens = await TestTokens.create();
  logged = [];
});
afterEach(async () => {
  await gateway?.close();
  gateway = undefined;
  await tokens.remove();
});

const clock = new ManualClock();

async function start(settings: NodeJS.ProcessEnv = {}): Promise<TestGateway> {
  const lines = new Writable({
    write(chunk: Buffer, _encoding, done) {
      logged.push(chunk.toString());
      done();
    },
  });
  const logger = pino({ level: 'trace' }, lines);
  gateway = await TestGateway.start({ BERTH_TOKENS: tokens.path, ...settings }, { clock, logger });
  gateway.answer('allocate', () => granted);
  return gateway;
}

const allocate = (headers: Record<string, string>, path = '/v1/allocations') =>
  gateway!.post(path, { region: 'local' }, headers);

/** Lets the gateway read its tokens again, and waits until they count. */
async function until(happened: () => Promise<boolean>): Promise<void> {
  for (;;) {
    clock.advance(REREAD_MS);
    if (await happened()) return;
  }
}

describe('A request', () => {
  it('with a good token is served', async () => {
    const token = await tokens.add(['allocate']);
    await start();
    expect(await allocate(bearer(token))).toMatchObject({ status: 201, body: { token: 'secret' } });
  });

  it('may show the same token as name and password', async () => {
    const [, id, ...secret] = (await tokens.add(['allocate'])).split('_');
    await start();
    const basic = Buffer.from(`${id}:${secret.join('_')}`).toString('base64');
    expect((await allocate({ authorization: `Basic ${basic}` })).status).toBe(201);
  });

  it('without a token is told to bring one', async () => {
    await start();
    const { status, headers, body } = await allocate({});
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

  it('cannot tell an unknown token from a wrong, an expired or a garbled one', async () => {
    const expired = await tokens.add(['allocate'], { expiresAt: new Date(clock.now()) });
    const wrong = `${(await tokens.add(['allocate'])).slice(0, -4)}AAAA`;
    const unknown = `berth_000000000000_${'A'.repeat(43)}`;
    await start();
    const shown = [expired, wrong, unknown, 'x', 'berth_', `berth_${'0'.repeat(2_000)}`];
    const headers = [...shown.map(bearer), { authorization: 'Basic x' }, { authorization: 'x' }];
    const answers = await Promise.all(headers.map((header) => allocate(header)));
    const seen = answers.map(({ status, headers: answered, body: { requestId: _, ...body } }) =>
      JSON.stringify([status, answered.get('www-authenticate'), body]),
    );
    expect(new Set(seen).size).toBe(1);
    expect(seen[0]).toContain('401,"Bearer realm=\\"berth\\", error=\\"invalid_token\\""');
  });

  it.each([
    ['allocate', 'GET', '/v1/slots', 'operate'],
    ['register', 'GET', '/v1/allocations', 'allocate or operate'],
    ['operate', 'POST', '/v1/allocations', 'allocate'],
    ['operate', 'GET', '/v1/events', 'audit'],
    ['audit', 'GET', '/v1/fleets', 'operate'],
    ['audit', 'GET', '/v1/slots/local.a.1', 'operate'],
  ] as const)('with the scope %s alone may not %s %s', async (scope, method, path, needed) => {
    const token = await tokens.add([scope]);
    await start();
    const { status, headers, body } = await gateway!.get(path, { method, headers: bearer(token) });
    expect({ status, code: body.code }).toEqual({ status: 403, code: 'forbidden' });
    expect(body.detail).toBe(`this token may ${scope}; this needs ${needed}`);
    expect(headers.get('www-authenticate')).toContain('error="insufficient_scope"');
  });

  it('is refused before its body is looked at', async () => {
    await start();
    const answer = await gateway!.post('/v1/allocations', '{broken');
    expect(answer.status).toBe(401);
  });

  it('to GameFabric’s routes is refused in its words', async () => {
    await start();
    const { status, headers, body } = await allocate({}, '/allocate');
    expect(status).toBe(401);
    expect(Object.keys(body)).toEqual(['error']);
    expect(headers.has('www-authenticate')).toBe(true);
  });

  it.each(['/healthz', '/readyz', '/', '/openapi.json'])('to %s needs no token', async (path) => {
    await start();
    expect((await gateway!.fetch(path)).status).toBe(200);
  });

  it('leaves no secret in the log, whether it was let in or not', async () => {
    const good = await tokens.add(['allocate']);
    await start();
    await allocate(bearer(good));
    await allocate(bearer(`berth_000000000000_${'Z'.repeat(43)}`));
    const log = logged.join('');
    expect(log).toContain('"url":"/v1/allocations"');
    expect(log).not.toContain(good.slice(-20));
    expect(log).not.toContain('ZZZZ');
  });
});

describe('A token for one region', () => {
  beforeEach(async () => {
    const token = await tokens.add(['allocate', 'operate'], { regions: ['eu'] });
    await start({ BERTH_REGIONS: 'local,eu' });
    headers = bearer(token);
    await gateway!.record('local.a.1', past.live);
    await gateway!.record('eu.a.1', past.warm);
  });
  let headers: Record<string, string>;

  it('is no good for another', async () => {
    const refused = { status: 403, body: { code: 'wrong-region' } };
    expect(await allocate(headers)).toMatchObject(refused);
    expect(await gateway!.get('/v1/slots/local.a.1', { headers })).toMatchObject(refused);
    expect(await gateway!.get('/v1/slots?region=local', { headers })).toMatchObject(refused);
    expect(await gateway!.get('/v1/fleets?region=local', { headers })).toMatchObject(refused);
    const direction = { direction: 'drain', reason: 'test', by: 'me' };
    expect(await gateway!.post('/v1/agents/local.a/directions', direction, headers)).toMatchObject(
      refused,
    );
    expect(await gateway!.post('/allocate', { region: 'local' }, headers)).toMatchObject({
      status: 403,
      body: { error: expect.stringContaining('region local') },
    });
  });

  it('shows nothing of another', async () => {
    const { body } = await gateway!.get('/v1/slots', { headers });
    expect(body.slots.map(({ id }: { id: string }) => id)).toEqual(['eu.a.1']);
    expect((await gateway!.get('/v1/allocations', { headers })).body.allocations).toEqual([]);
    expect((await gateway!.get('/v1/allocations/match-1', { headers })).status).toBe(404);
    expect((await gateway!.get('/v1/slots/eu.a.1', { headers })).status).toBe(200);
  });
});

describe('What an operator does', () => {
  it('is recorded under the name of the token', async () => {
    const token = await tokens.add(['operate'], { name: 'the night shift' });
    await start();
    const directed = gateway!.answer('direct', () => ({ status: 'directed', slots: [] }));
    const released = gateway!.answer('deallocate', () => ({ status: 'refused', code: 'ended' }));
    const headers = bearer(token);
    const direction = { direction: 'drain', reason: 'test', by: 'ann' };
    await gateway!.post('/v1/agents/local.a/directions', direction, headers);
    await gateway!.get('/v1/allocations/match-1?region=local', { method: 'DELETE', headers });
    expect([...directed, ...released].map(({ by }) => by)).toEqual([
      'the night shift: ann',
      'the night shift: berth/gateway',
    ]);
  });
});

describe('What requester and game server told each other', () => {
  it('is shown to who may allocate, and its being there to others', async () => {
    const [matchmaker, operator, auditor] = await Promise.resolve().then(async () => [
      await tokens.add(['allocate', 'operate', 'audit']),
      await tokens.add(['operate']),
      await tokens.add(['audit']),
    ]);
    await start();
    await gateway!.record('local.a.1', past.live);
    const shown = async (token: string | undefined, path: string) =>
      (await gateway!.fetch(path, { headers: bearer(token ?? '') })).text();
    const history = '/v1/slots/local.a.1/events';
    const whole = await shown(matchmaker, history);
    const redacted = await shown(auditor, history);
    const payloadsIn = (text: string) =>
      (JSON.parse(text) as { events: { data: Record<string, unknown> }[] }).events.flatMap(
        ({ data: { payload, answer } }) => [payload, answer].filter((one) => one !== undefined),
      );
    expect(payloadsIn(whole)).not.toContain('[redacted]');
    expect(payloadsIn(redacted)).toEqual(payloadsIn(whole).map(() => '[redacted]'));
    const allocation = JSON.parse(await shown(operator, '/v1/allocations/match-1'));
    expect(allocation).toMatchObject({ requestPayload: '[redacted]', payload: '[redacted]' });
    expect(await shown(operator, '/v1/slots')).not.toContain('"token"');
  });
});

describe('A file of tokens', () => {
  it('counts anew within a second of being changed', async () => {
    const first = await tokens.add(['allocate']);
    await start();
    const second = await tokens.add(['allocate']);
    await until(async () => (await allocate(bearer(second))).status === 201);
    expect((await allocate(bearer(first))).status).toBe(201);
    await tokens.keep(({ id }) => second.includes(id));
    await until(async () => (await allocate(bearer(first))).status === 401);
    expect((await allocate(bearer(second))).status).toBe(201);
  });

  it.each(['', '{"version":1,"tokens":[', '{"version":1,"tokens":[{"id":"x"}]}', '[]'])(
    'that reads %j changes nothing, and is complained of once',
    async (text) => {
      const token = await tokens.add(['allocate']);
      await start();
      await tokens.write(text);
      const complaints = () => logged.filter((line) => line.includes('those read last'));
      await until(async () => {
        expect((await allocate(bearer(token))).status).toBe(201);
        return complaints().length > 0;
      });
      clock.advance(REREAD_MS);
      expect((await allocate(bearer(token))).status).toBe(201);
      expect(complaints()).toHaveLength(1);
      expect(complaints()[0]).toContain(tokens.path);
    },
  );

  it('that is gone or broken lets no gateway start', async () => {
    await tokens.write('{}');
    await expect(start()).rejects.toThrow(`the file of tokens ${tokens.path} is broken: version`);
    await tokens.remove();
    await expect(start()).rejects.toThrow(/cannot be read: .*ENOENT/);
  });

  it('without tokens lets nobody in', async () => {
    await start();
    expect((await allocate({})).status).toBe(401);
  });
});

describe('An event stream', () => {
  it('hides payloads from an auditor, and ends when the token is revoked', async () => {
    const token = await tokens.add(['audit']);
    await start();
    const response = await gateway!.fetch('/v1/events', { headers: bearer(token) });
    await gateway!.record('local.a.1', past.live);
    await tokens.keep(() => false);
    await until(async () => {
      return (await gateway!.fetch('/v1/events', { headers: bearer(token) })).status === 401;
    });
    clock.advance(15_000);
    const told = await response.text();
    expect(told).toContain('"payload":"[redacted]"');
    expect(told).toContain('"answer":"[redacted]"');
  });
});

describe('GameFabric’s tokens', () => {
  it('are all good, each list for its own routes', async () => {
    const [old, current, registry] = [
      'old-secret-of-20-ch',
      'new-secret-of-20-ch',
      'a-registry-secret-1',
    ];
    await start({
      BERTH_TOKENS: '',
      GAMEFABRIC_ALLOCATOR_TOKENS: `${old},${current}`,
      GAMEFABRIC_REGISTRY_TOKENS: registry,
    });
    for (const token of [old, current]) {
      expect((await allocate(bearer(token ?? ''), '/allocate')).status).toBe(200);
    }
    expect((await allocate(bearer(registry ?? ''), '/allocate')).status).toBe(403);
    expect((await allocate(bearer(`${old}x`), '/allocate')).status).toBe(401);
  });

  it('must be long enough not to be guessed', async () => {
    const settings = { GAMEFABRIC_ALLOCATOR_TOKENS: 'short' };
    await expect(start(settings)).rejects.toThrow('a token must have 16 characters or more');
  });
});

describe('A token that asks too often', () => {
  it('is told when to come again', async () => {
    const token = await tokens.add(['allocate'], { rate: { qps: 1, burst: 2 } });
    const other = await tokens.add(['allocate']);
    await start();
    for (const expected of [201, 201, 429]) {
      expect((await allocate(bearer(token))).status).toBe(expected);
    }
    const { headers, body } = await allocate(bearer(token));
    expect(headers.get('retry-after')).toBe('1');
    expect(body).toMatchObject({ code: 'too-many-requests', status: 429 });
    expect(Object.keys((await allocate(bearer(token), '/allocate')).body)).toEqual(['error']);
    expect((await allocate(bearer(other))).status).toBe(201);
    clock.advance(1_000);
    expect((await allocate(bearer(token))).status).toBe(201);
  });
});

describe('Without tokens the gateway', () => {
  const open = { BERTH_TOKENS: '' };

  it('serves programs on the same machine, and says so', async () => {
    await start(open);
    expect((await allocate({})).status).toBe(201);
    expect(logged.join('')).toContain('open to all programs on this machine');
  });

  it.each([
    ['localhost', 200],
    ['127.0.0.1:8080', 200],
    ['[::1]:8080', 200],
    ['evil.example.com:8080', 403],
    ['127.0.0.1.example.com', 403],
    ['192.0.2.1', 403],
  ])('answers to its own names only: to %s with %d', async (host, expected) => {
    await start(open);
    const status = await new Promise((resolve, reject) => {
      const asked = { port: gateway!.port, path: '/v1/slots', headers: { host } };
      get(asked, (response) => resolve(response.resume().statusCode)).once('error', reject);
    });
    expect(status).toBe(expected);
  });

  it.each(['0.0.0.0', '::', '192.0.2.1', 'example.com'])('does not start on %s', async (host) => {
    await expect(start({ ...open, HTTP_HOST: host })).rejects.toThrow(
      `without tokens the gateway listens on this machine only, and HTTP_HOST is ${host}`,
    );
  });

  it('starts anywhere where that is said, and warns', async () => {
    await start({ ...open, HTTP_HOST: '0.0.0.0', BERTH_OPEN: 'true' });
    expect((await allocate({})).status).toBe(201);
    expect(logged.join('')).toContain('open to everybody');
  });

  it('does not start where it is told to be open and closed', async () => {
    await expect(start({ BERTH_OPEN: 'true' })).rejects.toThrow('choose one');
  });
});
