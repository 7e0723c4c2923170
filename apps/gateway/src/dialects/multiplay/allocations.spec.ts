import { JsonText } from '#json';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { refuseEmptiness } from '../../../test/support/matchmaker.js';
import {
  FLEET,
  SHAPES,
  TESTS,
  TestMultiplay,
  V1,
  refused,
  wish,
} from '../../../test/support/multiplay.js';

let place: TestMultiplay;
beforeEach(async () => void (place = await TestMultiplay.start()));
afterEach(() => place.close());

describe('A matchmaker of Multiplay', () => {
  it.each(SHAPES)('is served under %s', async (shape) => {
    const maker = place.matchmaker(place.gateway, shape);
    const asked = wish({ payload: '{"map":"docks"}' });
    const { allocationId, href } = await maker.create(asked);
    expect({ allocationId, href }).toEqual({
      allocationId: asked.allocationId,
      href: `${shape}/${asked.allocationId}`,
    });
    const server = await maker.server(asked);
    expect(server).toMatchObject({
      fleetId: FLEET,
      regionId: asked.regionId,
      buildConfigurationId: asked.buildConfigurationId,
      ipv4: '192.0.2.1',
      gamePort: 7777,
      readiness: false,
    });
    const events = await place.region.events();
    const claim = events.find(({ type }) => type === 'AllocationRequested');
    expect(claim).toMatchObject({ payload: JsonText.of(asked.payload) });
    await maker.delete(asked.allocationId);
    await place.region.pass(100);
    expect((await refused(maker.get(asked.allocationId))).status).toBe(404);
    await maker.delete(asked.allocationId);
  });

  it('waits while there is no server, and is served once there is one', async () => {
    const maker = place.matchmaker();
    const first = await maker.server(wish());
    await maker.server(wish());
    const third = wish();
    await maker.create(third);
    await place.region.pass(1_000);
    const pending = await maker.get(third.allocationId);
    expect(Object.keys(pending).sort()).toEqual([
      'allocationId',
      'buildConfigurationId',
      'fleetId',
      'regionId',
      'requested',
    ]);
    await maker.delete(first.allocationId);
    expect((await maker.server(third)).ipv4).toBe('192.0.2.1');
  });

  it('is refused if there is no server for too long', async () => {
    place.region.close();
    const maker = place.matchmaker();
    const asked = wish();
    await maker.create(asked);
    await place.region.pass(31_000);
    await place.region.startAllocator();
    await place.region.pass(1_000);
    const { status, body } = await refused(maker.get(asked.allocationId));
    expect(status).toBe(404);
    expect(body).toMatchObject({
      title: 'Maximum capacity reached.',
      detail: 'maximum capacity reached: no game server became free in time',
    });
    const test = await place.gateway.get(`${TESTS}/${asked.allocationId}`);
    expect(test.body).toMatchObject({ allocationId: asked.allocationId, failed: true });
  });

  it('gets one server for one id, from any gateway, at once or later', async () => {
    const other = place.matchmaker(await place.startGateway());
    const maker = place.matchmaker();
    const asked = wish();
    await Promise.all([maker.create(asked), other.create(asked), maker.create(asked)]);
    const server = await maker.server(asked);
    expect(await other.server(asked)).toEqual(server);
    expect(await place.region.claims()).toEqual([asked.allocationId]);
  });

  it('can cancel a request that waits', async () => {
    const maker = place.matchmaker();
    await maker.server(wish());
    await maker.server(wish());
    const third = wish();
    await maker.create(third);
    await place.region.pass(100);
    await place.region.kept(maker.delete(third.allocationId));
    expect((await refused(maker.get(third.allocationId))).status).toBe(404);
    await maker.delete(third.allocationId);
    expect(await place.region.claims()).toHaveLength(2);
  });

  it('lists running allocations in pages, and waiting ones by their ids', async () => {
    const maker = place.matchmaker();
    const [one, two, three] = [wish(), wish(), wish()];
    await maker.server(one);
    await maker.server(two);
    await maker.create(three);
    const all = await maker.list();
    expect(all).toMatchObject({ pagination: { limit: 100, offset: 0 } });
    const ids = (answer: Record<string, unknown>) =>
      (answer['allocations'] as { allocationId: string }[]).map((each) => each.allocationId);
    expect(ids(all).sort()).toEqual([one.allocationId, two.allocationId].sort());
    expect(ids(await maker.list('?limit=1&offset=1'))).toHaveLength(1);
    expect(ids(await maker.list('?offset=2'))).toEqual([]);
    const named = await maker.list(
      `?ids=${three.allocationId},${one.allocationId},${randomUUID()}`,
    );
    expect(ids(named)).toEqual([three.allocationId, one.allocationId]);
    await place.region.pass(5_000);
    expect(ids(await maker.list('?age=1s'))).toEqual([]);
    expect(ids(await maker.list('?age=1h'))).toHaveLength(2);
  });

  it('does not find an allocation of another fleet, or one without a fleet', async () => {
    const maker = place.matchmaker();
    const asked = wish();
    await maker.server(asked);
    const elsewhere = place.matchmaker(place.gateway, V1.replace(FLEET, randomUUID()));
    for (const asking of [elsewhere.get(asked.allocationId), maker.get(randomUUID())]) {
      const { status, body } = await refused(asking);
      expect(status).toBe(404);
      expect(body).toEqual({
        title: expect.any(String),
        status: 404,
        detail: expect.any(String),
        requestId: expect.any(String),
      });
    }
  });
});

describe('Test allocations', () => {
  it('are allocations that show whether they failed', async () => {
    const asked = wish();
    const created = await place.gateway.post(TESTS, asked);
    expect(created.status).toBe(202);
    await place.region.pass(200);
    const { body } = await place.gateway.get(created.body.href);
    expect(body).toMatchObject({ failed: false, ipv4: '192.0.2.1' });
    const all = await place.gateway.get(TESTS.replace(`/fleets/${FLEET}`, ''));
    expect(all.body.allocations).toMatchObject([{ allocationId: asked.allocationId }]);
    refuseEmptiness(all.body, '');
    const gone = await place.gateway.fetch(created.body.href, { method: 'DELETE' });
    expect(gone.status).toBe(204);
  });
});
