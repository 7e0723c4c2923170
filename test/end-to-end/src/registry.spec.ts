import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from './berth-dev.js';
import {
  aServer,
  allocate,
  anAddress,
  asked,
  deregister,
  dispose,
  keepAlive,
  register,
  registry,
  retired,
  types,
  type Registered,
} from './registered-servers.js';

beforeAll(() => registry.start({ BERTH_CALLBACK_MS: '1000', BERTH_LEASE_S: '30' }), 60_000);
afterAll(dispose, 60_000);

describe('a registered server', () => {
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
