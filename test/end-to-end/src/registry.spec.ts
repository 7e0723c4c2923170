import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from './berth-dev.js';
import { Registry, SelfRegistered, type Answer } from './registry.js';

interface Registered {
  readonly slot: string;
  readonly timeout: number;
  readonly error: string;
}

interface Allocated {
  readonly address: string;
  readonly ip: string;
  readonly ports: Readonly<Record<string, number>>;
  readonly token: string;
  readonly payload: unknown;
  readonly error: string;
}

interface SlotEvent {
  readonly type: string;
  readonly data: { readonly reason?: string };
}

const registry = new Registry();
const opened: SelfRegistered[] = [];
let addresses = 0;

beforeAll(() => registry.start({ BERTH_CALLBACK_MS: '1000', BERTH_LEASE_S: '30' }), 60_000);
afterAll(async () => {
  for (const server of opened) server.close();
  await registry.dispose();
}, 60_000);

async function aServer(): Promise<SelfRegistered> {
  const server = await new SelfRegistered().listen();
  opened.push(server);
  return server;
}

/** A new address, different for each spec. */
function anAddress(): string {
  addresses += 1;
  return `192.0.2.${(addresses >> 8) + 1}:${7_000 + addresses}`;
}

const asked = (address: string, more: object = {}): Promise<Answer<Registered>> =>
  registry.ask('POST', '/servers', { address, priority: 0, region: 'local', ...more });

/** Waits until the server is offered: on a busy machine a registration is answered before. */
async function register(address: string, more: object = {}): Promise<Answer<Registered>> {
  const answer = await asked(address, more);
  const { slot } = answer.body;
  if (answer.status < 300) {
    await eventually(async () => (await types(slot)).includes('ProcessStarted'), 20_000);
  }
  return answer;
}

const keepAlive = (address: string, body: object = {}) =>
  registry.ask<Registered>('POST', `/servers/${address}/keepalive`, body);
const deregister = (address: string) => registry.ask<Registered>('DELETE', `/servers/${address}`);
const allocate = (attributes: object, payload: object = {}) =>
  registry.ask<Allocated>('POST', '/allocate', { region: 'local', attributes, payload });

async function history(slot: string): Promise<readonly SlotEvent[]> {
  const path = `/v1/slots/${slot}/events?limit=1000`;
  const { body } = await registry.ask<{ events: SlotEvent[] }>('GET', path);
  return body.events;
}

const types = async (slot: string) => (await history(slot)).map(({ type }) => type);

/** The reason in the slot's last event, once that is its retirement. */
async function retired(slot: string): Promise<string | undefined> {
  await eventually(async () => (await types(slot)).at(-1) === 'SlotRetired', 20_000);
  return (await history(slot)).at(-1)?.data.reason;
}

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

  test('may register again at any time, and gets a new slot each time', async () => {
    const address = anAddress();
    const attributes = { again: '1' };
    const { url } = await aServer();
    const as = (token: string) => register(address, { attributes, callback: { token, url } });
    const first = (await as('one')).body.slot;
    expect((await as('one')).body.slot).toBe(first);
    const second = (await as('two')).body.slot;
    expect(second).not.toBe(first);
    expect(await retired(first)).toBe('another server has registered under its address');
    expect((await allocate(attributes)).body.token).toBe('two');
    const third = (await as('two')).body.slot;
    expect(third).not.toBe(second);
    await retired(second);
    expect(await types(second)).toContain('Crashed');
    expect((await allocate(attributes)).body).toMatchObject({ address, token: 'two' });
  });

  test('ends its session when it deregisters', async () => {
    const address = anAddress();
    const { slot } = (await register(address, { attributes: { bye: '1' } })).body;
    await allocate({ bye: '1' });
    expect((await deregister(address)).status).toBe(200);
    expect(await retired(slot)).toBe('its session is over: ExitedZero');
    expect((await deregister(address)).status).toBe(404);
  });

  test('that is free is gone when it deregisters', async () => {
    const address = anAddress();
    const { slot } = (await register(address, { attributes: { gone: '1' } })).body;
    await deregister(encodeURIComponent(address));
    expect(await retired(slot)).toBe('the server has deregistered');
    expect((await allocate({ gone: '1' })).status).toBe(503);
  });

  test('is gone when its lease expires', async () => {
    const address = anAddress();
    const { slot } = (await register(address, { timeout: 1, attributes: { lease: '1' } })).body;
    expect(await retired(slot)).toBe('its lease ran out');
    expect((await keepAlive(address)).status).toBe(404);
  });

  test.each([
    ['no address', { priority: 0 }, 400],
    ['an address without a port', { address: '192.0.2.1', priority: 0 }, 400],
    ['no priority', { address: '192.0.2.1:1' }, 400],
    ['a lease of zero', { address: '192.0.2.1:1', priority: 0, timeout: 0 }, 400],
    ['attributes that are not text', { address: '192.0.2.1:1', priority: 0, attributes: [] }, 400],
    [
      'a required attribute that it lacks',
      { address: '192.0.2.1:1', priority: 0, requiredAttributes: ['a'] },
      400,
    ],
    ['a region without a registrar', { address: '192.0.2.1:1', priority: 0, region: 'mars' }, 503],
  ])('is refused with %s, with a text', async (_, body, status) => {
    const answer = await registry.ask<Registered>('POST', '/servers', body);
    expect(answer).toEqual({ status, body: { error: expect.any(String) } });
  });
});

describe('the registrar', () => {
  test('knows its servers and sessions after kill -9, and what ended meanwhile', async () => {
    const [busy, free, server] = [anAddress(), anAddress(), await aServer()];
    const callback = { token: 'kept', url: server.url };
    const live = (await register(busy, { attributes: { keeps: 'busy' }, callback })).body.slot;
    const waiting = (await register(free, { attributes: { keeps: 'free' }, callback })).body.slot;
    expect((await allocate({ keeps: 'busy' })).status).toBe(200);
    await registry.kill('registrar');
    // Until nats-server has noticed, a question is sent to the registrar that is gone: 504.
    await eventually(async () => (await keepAlive(free)).status === 503, 10_000);
    await registry.runRegistrar();
    await eventually(async () => (await keepAlive(free)).status === 200, 10_000);
    expect((await keepAlive(busy)).status).toBe(404);
    expect(await types(live)).not.toContain('DeallocationRequested');
    await eventually(async () => (await allocate({ keeps: 'free' })).status === 200, 10_000);
    expect(server.heard.map(({ token }) => token)).toEqual(['Bearer kept', 'Bearer kept']);
    for (const address of [busy, free]) await deregister(address);
    expect(await retired(live)).toBe('its session is over: ExitedZero');
    expect(await retired(waiting)).toBe('its session is over: ExitedZero');
  }, 60_000);

  test('keeps a thousand servers alive without writing to the log', async () => {
    const many = Array.from({ length: 1_000 }, anAddress);
    const slots = await each(many, async (address) => {
      const { status, body } = await asked(address, { attributes: { many: '1' } });
      return status === 201 ? body.slot : '';
    });
    expect(new Set(slots).size).toBe(1_000);
    const kept = await each(
      [...many, ...many],
      async (address) => (await keepAlive(address)).status,
    );
    expect(new Set(kept)).toEqual(new Set([200]));
    for (const slot of [slots[0] ?? '', slots.at(-1) ?? '']) {
      expect(await types(slot)).toEqual(['SlotRegistered', 'ProcessStarted']);
    }
  }, 120_000);
});

/**
 * Runs `act` for the items in order, a few at a time; the results are in the order of the items.
 */
async function each<Item, Result>(
  items: readonly Item[],
  act: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  const waiting = items.entries();
  const work = async () => {
    for (const [index, item] of waiting) results[index] = await act(item);
  };
  await Promise.all(Array.from({ length: 16 }, work));
  return results;
}
