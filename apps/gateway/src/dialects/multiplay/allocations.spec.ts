import { JsonText } from '#json';
import { guidOf, numberOf } from '#multiplay';
import { EndpointServer } from '#rpc';
import { createLogger } from '#service-runtime';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { TestRegion } from '../../../../allocator/test/support/region.js';
import { TestGateway } from '../../../test/support/gateway.js';
import {
  NotServed,
  TestMatchmaker,
  refuseEmptiness,
  type Wish,
} from '../../../test/support/matchmaker.js';

const FLEET = guidOf('fleet', 'harbour');
const PLACE = `projects/${randomUUID()}/environments/${randomUUID()}`;
const SHAPES = [
  `/v1/allocations/${PLACE}/fleets/${FLEET}/allocations`,
  `/multiplay/v1/allocations/${PLACE}/fleets/${FLEET}/allocations`,
  `/v4/${PLACE}/fleets/${FLEET}/allocations`,
] as const;
const [V1] = SHAPES;
const TESTS = `/api/multiplay/allocations/v4/${PLACE}/fleets/${FLEET}/test-allocations`;

let region: TestRegion;
const gateways: TestGateway[] = [];

/** Starts a gateway on the region's log and queue. */
async function startGateway(
  settings: NodeJS.ProcessEnv = {},
  logger = createLogger('gateway', 'silent'),
): Promise<TestGateway> {
  const { clock, log, requests, outcomes } = region;
  const gateway = await TestGateway.start(
    { BERTH_REGIONS: 'eu', ...settings },
    {
      clock,
      logger,
      openLog: async () => log,
      queueOf: () => requests,
      outcomesOf: () => outcomes,
    },
  );
  gateways.push(gateway);
  serveOn(gateway);
  return gateway;
}

/** Lets the region's allocator, if one has started, answer a gateway's questions. */
function serveOn({ bus }: TestGateway): void {
  const logger = createLogger('allocator', 'silent');
  region.allocators[0]?.serve(new EndpointServer(bus, { clock: region.clock, logger }));
}

const matchmaker = (gateway: TestGateway, shape: string = V1) =>
  new TestMatchmaker(`${gateway.url}${shape}`, () => region.pass(50));

const wish = (change: Partial<Wish> = {}): Wish => ({
  allocationId: randomUUID(),
  buildConfigurationId: Number(numberOf('harbour-1')),
  regionId: guidOf('region', 'eu'),
  ...change,
});

const refused = async (asked: Promise<unknown>): Promise<NotServed> => {
  const outcome = await asked.then(
    (answer) => answer,
    (error: unknown) => error,
  );
  if (outcome instanceof NotServed) return outcome;
  throw new Error(`it was served: ${JSON.stringify(outcome)}`);
};

let gateway: TestGateway;
beforeEach(async () => {
  region = new TestRegion();
  gateway = await startGateway();
  await region.startAllocator({ bus: gateway.bus });
  serveOn(gateway);
  await region.own('1', '2');
});
afterEach(async () => {
  region.close();
  for (const one of gateways.splice(0)) await one.close();
});

describe('A matchmaker of Multiplay', () => {
  it.each(SHAPES)('is served under %s', async (shape) => {
    const maker = matchmaker(gateway, shape);
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
    const events = await region.events();
    const claim = events.find(({ type }) => type === 'AllocationRequested');
    expect(claim).toMatchObject({ payload: JsonText.of(asked.payload) });
    await maker.delete(asked.allocationId);
    await region.pass(100);
    expect((await refused(maker.get(asked.allocationId))).status).toBe(404);
    await maker.delete(asked.allocationId);
  });

  it('waits while there is no server, and is served once there is one', async () => {
    const maker = matchmaker(gateway);
    const first = await maker.server(wish());
    await maker.server(wish());
    const third = wish();
    await maker.create(third);
    await region.pass(1_000);
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
    region.close();
    const maker = matchmaker(gateway);
    const asked = wish();
    await maker.create(asked);
    await region.pass(31_000);
    await region.startAllocator();
    await region.pass(1_000);
    const { status, body } = await refused(maker.get(asked.allocationId));
    expect(status).toBe(404);
    expect(body).toMatchObject({
      title: 'Maximum capacity reached.',
      detail: 'maximum capacity reached: no game server became free in time',
    });
    const test = await gateway.get(`${TESTS}/${asked.allocationId}`);
    expect(test.body).toMatchObject({ allocationId: asked.allocationId, failed: true });
  });

  it('gets one server for one id, from any gateway, at once or later', async () => {
    const other = matchmaker(await startGateway());
    const maker = matchmaker(gateway);
    const asked = wish();
    await Promise.all([maker.create(asked), other.create(asked), maker.create(asked)]);
    const server = await maker.server(asked);
    expect(await other.server(asked)).toEqual(server);
    expect(await region.claims()).toEqual([asked.allocationId]);
  });

  it('can cancel a request that waits', async () => {
    const maker = matchmaker(gateway);
    await maker.server(wish());
    await maker.server(wish());
    const third = wish();
    await maker.create(third);
    await region.pass(100);
    await region.kept(maker.delete(third.allocationId));
    expect((await refused(maker.get(third.allocationId))).status).toBe(404);
    await maker.delete(third.allocationId);
    expect(await region.claims()).toHaveLength(2);
  });

  it('lists running allocations in pages, and waiting ones by their ids', async () => {
    const maker = matchmaker(gateway);
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
    await region.pass(5_000);
    expect(ids(await maker.list('?age=1s'))).toEqual([]);
    expect(ids(await maker.list('?age=1h'))).toHaveLength(2);
  });

  it('does not find an allocation of another fleet, or one without a fleet', async () => {
    const maker = matchmaker(gateway);
    const asked = wish();
    await maker.server(asked);
    const elsewhere = matchmaker(gateway, V1.replace(FLEET, randomUUID()));
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

describe('A name in Berth', () => {
  it('is accepted in place of each id, and the answer has the id', async () => {
    const maker = matchmaker(gateway, V1.replace(FLEET, 'harbour'));
    const asked = wish({ regionId: 'eu', buildConfigurationId: 'harbour-1' });
    expect(await maker.server(asked)).toMatchObject({
      fleetId: FLEET,
      regionId: guidOf('region', 'eu'),
      buildConfigurationId: Number(numberOf('harbour-1')),
    });
    const number = wish({ buildConfigurationId: numberOf('harbour-1') });
    expect(await maker.server(number)).toMatchObject({ gamePort: 7777 });
  });
});

describe('An invalid request', () => {
  it.each<[string, object, RegExp]>([
    ['an unknown region', { regionId: randomUUID() }, /^regionId: no region has this id$/],
    ['an unknown build configuration', { buildConfigurationId: 7 }, /^build.* has this id$/],
    ['an unknown name', { buildConfigurationId: 'harbour-9' }, /^build.* has this id$/],
    ['an invalid build configuration id', { buildConfigurationId: -1 }, /^buildConfigurationId: /],
    ['an id that is not a GUID', { allocationId: 'match-1' }, /^allocationId: /],
    ['no build configuration', { buildConfigurationId: undefined }, /^buildConfigurationId: /],
    ['a payload that is not text', { payload: { map: 1 } }, /^payload: /],
    ['a payload that is too long', { payload: 'ä'.repeat(15_361) }, /30722 bytes.* 30720/],
  ])('for %s is refused, with the reason', async (_, change, detail) => {
    const { status, body } = await refused(matchmaker(gateway).create({ ...wish(), ...change }));
    expect(status).toBe(400);
    expect(body['detail']).toMatch(detail);
    expect(body['details']).toEqual(expect.arrayContaining([{ message: expect.any(String) }]));
  });

  it('for an unknown fleet is answered with 404', async () => {
    const maker = matchmaker(gateway, V1.replace(FLEET, randomUUID()));
    expect(await refused(maker.create(wish()))).toMatchObject({ status: 404 });
  });

  it('does not become invalid through unknown fields, which are ignored', async () => {
    const asked = { ...wish(), payload: 'x'.repeat(30_720), qos: 1, tags: null };
    await matchmaker(gateway).server(asked);
  });
});

describe('An impossible allocation id', () => {
  it.each(['%EF%BB%BFbom', '%20', 'a%00b', 'x'.repeat(200)])('is not found: %s', async (id) => {
    for (const path of [`${V1}/${id}`, `${TESTS}/${id}`]) {
      expect((await gateway.get(path)).status).toBe(404);
      expect((await gateway.get(path, { method: 'DELETE' })).status).toBe(404);
    }
    expect((await gateway.get(`${V1}?ids=${id}`)).body.allocations).toEqual([]);
  });
});

describe('A request without a region', () => {
  it.each([{ regionId: '' }, { regionId: undefined }, { regionId: null }])(
    'is for the only region: %j',
    async (nowhere) => {
      const asked = { ...wish(), ...nowhere };
      expect(await matchmaker(gateway).server(asked as Wish)).toMatchObject({
        regionId: guidOf('region', 'eu'),
      });
    },
  );

  it('is for the configured default region if there are several', async () => {
    const settings = { BERTH_REGIONS: 'us,eu', MULTIPLAY_REGION: 'eu' };
    const maker = matchmaker(await startGateway(settings));
    expect(await maker.server(wish({ regionId: '' }))).toMatchObject({
      regionId: guidOf('region', 'eu'),
    });
  });

  it('is refused in plain words if there are several and no default is set', async () => {
    const maker = matchmaker(await startGateway({ BERTH_REGIONS: 'us,eu' }));
    const { status, body } = await refused(maker.create(wish({ regionId: '' })));
    expect(status).toBe(400);
    expect(body['detail']).toBe(
      'regionId: is missing or empty, and this gateway has no default region',
    );
  });

  it('cannot have a default that the gateway does not serve', async () => {
    const settings = { BERTH_REGIONS: 'eu', MULTIPLAY_REGION: 'us' };
    await expect(startGateway(settings)).rejects.toThrow('MULTIPLAY_REGION: must be one of');
  });
});

/** What players must not read: Berth's names and ids. */
const NAMES = /harbour|\beu\b|slot|berth|allocator|[0-9a-f]{8}-/;

describe('The error text for players', () => {
  const words = async (asked: Promise<unknown>) => {
    const { body } = await refused(asked);
    const { requestId: _, ...rest } = body;
    expect(JSON.stringify(rest)).not.toMatch(NAMES);
    return [body['title'], body['detail']];
  };

  it('says that all servers are taken, after a third of the pool timeout', async () => {
    const maker = matchmaker(await startGateway({ MULTIPLAY_POOL_TIMEOUT_S: '60' }));
    await maker.server(wish());
    await maker.server(wish());
    const third = wish();
    await maker.create(third);
    await region.pass(19_000);
    expect(await maker.get(third.allocationId)).not.toHaveProperty('created');
    await region.pass(2_000);
    expect(await words(maker.get(third.allocationId))).toEqual([
      'Maximum capacity reached.',
      'maximum capacity reached: no game server became free in time',
    ]);
  });

  it('says that the session is over, or never existed', async () => {
    const maker = matchmaker(gateway);
    const asked = wish();
    await maker.server(asked);
    await maker.delete(asked.allocationId);
    await region.pass(100);
    const over = await words(maker.get(asked.allocationId));
    expect(over).toEqual(['The session is over.', 'the session of this allocation is over']);
    const [title] = await words(maker.get(randomUUID()));
    expect(title).toBe('No allocation has this id.');
  });

  it('says that no game server could be started', async () => {
    region.answers = { 1: 'refused', 2: 'refused' };
    const maker = matchmaker(gateway);
    const asked = wish();
    await maker.create(asked);
    await region.pass(40_000);
    const [title] = await words(maker.get(asked.allocationId));
    expect(title).toBe('No game server could be started.');
  });

  it('names no alternatives; these are in the log of the gateway', async () => {
    const lines: string[] = [];
    const logger = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) });
    const maker = matchmaker(await startGateway({}, logger));
    for (const change of [{ regionId: 'us' }, { buildConfigurationId: 7 }]) {
      await words(maker.create({ ...wish(), ...change }));
    }
    const detail = (line: string) => (JSON.parse(line) as { detail?: string }).detail;
    expect(lines.flatMap((line) => detail(line) ?? [])).toEqual([
      `us, not eu (${guidOf('region', 'eu')})`,
      `7 in eu, not harbour-1 (${numberOf('harbour-1')})`,
    ]);
  });
});

describe('Test allocations', () => {
  it('are allocations that show whether they failed', async () => {
    const asked = wish();
    const created = await gateway.post(TESTS, asked);
    expect(created.status).toBe(202);
    await region.pass(200);
    const { body } = await gateway.get(created.body.href);
    expect(body).toMatchObject({ failed: false, ipv4: '192.0.2.1' });
    const all = await gateway.get(TESTS.replace(`/fleets/${FLEET}`, ''));
    expect(all.body.allocations).toMatchObject([{ allocationId: asked.allocationId }]);
    refuseEmptiness(all.body, '');
    const gone = await gateway.fetch(created.body.href, { method: 'DELETE' });
    expect(gone.status).toBe(204);
  });
});

describe('Former ids', () => {
  it('lead to the names that the operator has mapped', async () => {
    const [oldFleet, oldRegion] = [randomUUID(), randomUUID()];
    const { mkdtemp, rm, writeFile } = await import('node:fs/promises');
    const { tmpdir } = await import('node:os');
    const { join } = await import('node:path');
    const folder = await mkdtemp(join(tmpdir(), 'berth-ids-'));
    const path = join(folder, 'ids.json');
    const ids = {
      regions: { [oldRegion]: 'eu' },
      fleets: { [oldFleet]: 'harbour' },
      buildConfigurations: { 123456: 'harbour-1' },
    };
    await writeFile(path, JSON.stringify(ids));
    const moved = await startGateway({ MULTIPLAY_IDS: path, MULTIPLAY_CREATED_STATUS: '200' });
    await rm(folder, { recursive: true });
    const maker = matchmaker(moved, V1.replace(FLEET, oldFleet));
    const asked = wish({ regionId: oldRegion, buildConfigurationId: 123456 });
    expect(await maker.server(asked)).toMatchObject({
      fleetId: oldFleet,
      regionId: oldRegion,
      buildConfigurationId: 123456,
    });
  });
});
