import { anEvent, past } from '#testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { TestGateway } from '../../../test/support/gateway.js';

let gateway: TestGateway;
beforeEach(async () => void (gateway = await TestGateway.start()));
afterEach(() => gateway.close());

describe('GET /v1/slots', () => {
  it('lists slots in pages, sorted by name', async () => {
    for (const name of ['local.b.1', 'local.a.1', 'local.a.2']) {
      await gateway.record(name, past.cold);
    }
    const first = await gateway.get('/v1/slots?limit=2');
    expect(first.body).toMatchObject({
      slots: [{ id: 'local.a.1' }, { id: 'local.a.2' }],
      next: 'local.a.2',
    });
    const second = await gateway.get(`/v1/slots?limit=2&after=${first.body.next}`);
    expect(second.body.slots).toMatchObject([{ id: 'local.b.1' }]);
    expect(second.body).not.toHaveProperty('next');
  });

  it.each([
    ['status=allocated', ['local.a.2']],
    ['status=available', ['local.a.1']],
    ['fleet=harbour&region=local', ['local.a.1', 'local.a.2']],
    ['fleet=other', []],
  ])('filters the list by %s', async (query, ids) => {
    await gateway.record('local.a.1', past.warm);
    await gateway.record('local.a.2', past.live);
    const { body } = await gateway.get(`/v1/slots?${query}`);
    expect(body.slots.map(({ id }: { id: string }) => id)).toEqual(ids);
  });

  it('refuses an unknown status, and a region that the gateway does not serve', async () => {
    expect((await gateway.get('/v1/slots?status=busy')).status).toBe(400);
    const { status, body } = await gateway.get('/v1/slots?region=mars');
    expect({ status, code: body.code }).toEqual({ status: 404, code: 'unknown-region' });
  });
});

describe('GET /v1/slots/{id}', () => {
  it('shows everything about a slot but the token', async () => {
    await gateway.record('local.a.1', past.live);
    const { status, body } = await gateway.get('/v1/slots/local.a.1');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      id: 'local.a.1',
      region: 'local',
      agent: 'a',
      slot: '1',
      fleet: 'harbour',
      status: 'allocated',
      phase: 'live',
      buildConfiguration: 'harbour-1',
      address: '192.0.2.1:7777',
      ip: '192.0.2.1',
      ports: { game: 7777 },
      attributes: { map: 'docks' },
      process: { pid: 4711 },
      pending: null,
      agentLost: false,
      allocation: { allocationId: 'match-1', requestedAt: expect.any(Number) },
      lastEnd: null,
      sequence: 4,
    });
    expect(JSON.stringify(body)).not.toContain('secret');
  });

  it.each(['local.a.9', 'local.a', 'local.a.1.2', 'local.a.*'])(
    'answers 404 for %s',
    async (id) => {
      const { status, body } = await gateway.get(`/v1/slots/${id}`);
      expect({ status, code: body.code }).toEqual({ status: 404, code: 'unknown-slot' });
    },
  );
});

describe('GET /v1/slots/{id}/events', () => {
  const PATH = '/v1/slots/local.a.1/events';

  it('returns the history in the event types of the log, without the token', async () => {
    await gateway.record('local.a.1', past.deallocated);
    const { body } = await gateway.get(PATH);
    expect(body.events).toMatchObject([
      { sequence: 1, type: 'SlotRegistered', state: 'available' },
      { sequence: 2, type: 'ProcessStarted', state: 'available' },
      { sequence: 3, type: 'AllocationRequested', state: 'allocated', by: 'matchmaker' },
      { sequence: 4, type: 'CallbackAcked', state: 'allocated' },
      { sequence: 5, type: 'DeallocationRequested', state: 'deallocated' },
    ]);
    expect(body.events[4]).toEqual({
      sequence: 5,
      slot: 'local.a.1',
      type: 'DeallocationRequested',
      at: Date.UTC(2026, 0, 1),
      source: 'berth/allocator/test',
      by: 'matchmaker',
      id: 'local.a.1-4',
      data: { reason: 'the match is over' },
      state: 'deallocated',
    });
    expect(body.events[3].data).toEqual({ answer: { ready: true }, process: expect.anything() });
    expect(JSON.stringify(body)).not.toContain('secret');
  });

  it('includes a message that cannot be read, with the reason', async () => {
    await gateway.record('local.a.1', past.warm);
    gateway.log.corrupt('slot.local.a.1', new TextEncoder().encode('{'));
    const { body } = await gateway.get(`${PATH}?after=2`);
    expect(body.events).toEqual([
      { sequence: 3, slot: 'local.a.1', type: 'SetAside', reason: expect.stringContaining('JSON') },
    ]);
    expect((await gateway.get('/v1/slots/local.a.1')).body).toMatchObject({
      status: 'available',
      sequence: 3,
      setAside: expect.stringContaining('JSON'),
    });
  });

  it('returns it in pages', async () => {
    await gateway.record('local.a.1', past.live);
    const first = await gateway.get(`${PATH}?limit=3`);
    expect(first.body).toMatchObject({ events: { length: 3 }, next: 3 });
    const second = await gateway.get(`${PATH}?limit=3&after=3`);
    expect(second.body.events).toMatchObject([{ type: 'CallbackAcked' }]);
    expect(second.body).not.toHaveProperty('next');
  });

  it('returns it for a retired slot, which is not listed any more', async () => {
    await gateway.record('local.a.1', [...past.cold, anEvent('SlotRetired')]);
    expect((await gateway.get('/v1/slots/local.a.1')).status).toBe(404);
    expect((await gateway.get(PATH)).body.events).toHaveLength(2);
  });

  it('answers 404 for a slot that never existed, and an empty page after the end', async () => {
    await gateway.record('local.a.1', past.cold);
    expect((await gateway.get('/v1/slots/local.a.2/events')).status).toBe(404);
    expect((await gateway.get(`${PATH}?after=1`)).body).toEqual({ events: [] });
  });
});
