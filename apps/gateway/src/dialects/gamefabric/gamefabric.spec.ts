import { granted } from '#testing';
import { afterEach, describe, expect, it } from '@jest/globals';
import { TestGateway } from '../../../test/support/gateway.js';

let gateway: TestGateway;
afterEach(() => gateway.close());

const refuse = (code: string) =>
  gateway.answer('allocate', () => ({ status: 'refused', code, message: 'because' }));

describe('POST /allocate of GameFabric', () => {
  it('answers in the format that its clients read', async () => {
    gateway = await TestGateway.start();
    const asked = gateway.answer('allocate', () => granted);
    const { status, body } = await gateway.post(
      '/allocate',
      {
        region: 'local',
        attributes: { env: 'prod' },
        payload: { nested: { mode: 'ctf' } },
        unknown: 'is let through',
      },
      { 'idempotency-key': 'match-1' },
    );
    expect({ status, body }).toEqual({
      status: 200,
      body: {
        address: '192.0.2.1:7777',
        ip: '192.0.2.1',
        ports: { game: 7777 },
        token: 'secret',
        payload: { ready: true },
      },
    });
    expect(asked).toMatchObject([
      {
        allocationId: 'match-1',
        attributes: { env: 'prod' },
        payload: { nested: { mode: 'ctf' } },
      },
    ]);
  });

  it.each([
    // A single fleet is named as version 0.2 names it.
    ['registered servers', {}, { fleet: 'registered' }],
    [
      'the fleets that are listed',
      { GAMEFABRIC_FLEETS: 'registered, arena' },
      { fleets: ['registered', 'arena'] },
    ],
    ['all', { GAMEFABRIC_FLEETS: '*' }, {}],
  ])('gives servers of %s', async (_, settings, wanted) => {
    gateway = await TestGateway.start(settings);
    const asked = gateway.answer('allocate', () => granted);
    await gateway.post('/allocate', { region: 'local' });
    expect(asked[0]).toHaveProperty('attributes');
    const { fleet, fleets } = asked[0] as { fleet?: string; fleets?: readonly string[] };
    expect({ fleet, fleets }).toEqual(wanted);
  });

  it('omits the payload if the game server answered none', async () => {
    gateway = await TestGateway.start();
    gateway.answer('allocate', () => ({ ...granted, payload: null }));
    const { body } = await gateway.post('/allocate', { region: 'local' });
    expect(body).not.toHaveProperty('payload');
  });

  it('answers 503 with Retry-After if nothing is free', async () => {
    gateway = await TestGateway.start();
    refuse('none-available');
    const { status, headers, body } = await gateway.post('/allocate', { region: 'local' });
    expect({ status, body }).toEqual({ status: 503, body: { error: 'because' } });
    expect(headers.get('retry-after')).toBe('1');
  });

  it.each(['nothing-fits', 'agents-lost', 'unknown-fleet'])(
    'says the same to %s, for servers may register yet',
    async (code) => {
      gateway = await TestGateway.start();
      refuse(code);
      const { status, headers } = await gateway.post('/allocate', { region: 'local' });
      expect([status, headers.get('retry-after')]).toEqual([503, '1']);
    },
  );

  it('answers the configured status if nothing is free, but not for other errors', async () => {
    gateway = await TestGateway.start({ GAMEFABRIC_NONE_STATUS: '404' });
    refuse('fleet-maximum');
    expect((await gateway.post('/allocate', { region: 'local' })).status).toBe(404);
    expect((await gateway.post('/allocate', { region: 'mars' })).status).toBe(503);
  });

  it.each([
    ['no region', {}],
    ['a payload that is not an object', { region: 'local', payload: [] }],
    ['attributes that are not text', { region: 'local', attributes: { a: 1 } }],
    ['malformed JSON', '{'],
  ])("answers 400 in GameFabric's error format to %s", async (_, sent) => {
    gateway = await TestGateway.start();
    const { status, headers, body } = await gateway.post('/allocate', sent);
    expect({ status, body }).toEqual({ status: 400, body: { error: expect.any(String) } });
    expect(headers.get('content-type')).toContain('application/json');
  });
});
