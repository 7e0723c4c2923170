import { guidOf, numberOf } from '#multiplay';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Wish } from '../../../test/support/matchmaker.js';
import { FLEET, TESTS, TestMultiplay, V1, refused, wish } from '../../../test/support/multiplay.js';

let place: TestMultiplay;
beforeEach(async () => void (place = await TestMultiplay.start()));
afterEach(() => place.close());

describe('A name in Berth', () => {
  it('is accepted in place of each id, and the answer has the id', async () => {
    const maker = place.matchmaker(place.gateway, V1.replace(FLEET, 'harbour'));
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

describe('Former ids', () => {
  it('lead to the names that the operator has mapped', async () => {
    const [oldFleet, oldRegion] = [randomUUID(), randomUUID()];
    const folder = await mkdtemp(join(tmpdir(), 'berth-ids-'));
    const path = join(folder, 'ids.json');
    const ids = {
      regions: { [oldRegion]: 'eu' },
      fleets: { [oldFleet]: 'harbour' },
      buildConfigurations: { 123456: 'harbour-1' },
    };
    await writeFile(path, JSON.stringify(ids));
    const moved = await place.startGateway({
      MULTIPLAY_IDS: path,
      MULTIPLAY_CREATED_STATUS: '200',
    });
    await rm(folder, { recursive: true });
    const maker = place.matchmaker(moved, V1.replace(FLEET, oldFleet));
    const asked = wish({ regionId: oldRegion, buildConfigurationId: 123456 });
    expect(await maker.server(asked)).toMatchObject({
      fleetId: oldFleet,
      regionId: oldRegion,
      buildConfigurationId: 123456,
    });
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
    const { status, body } = await refused(place.matchmaker().create({ ...wish(), ...change }));
    expect(status).toBe(400);
    expect(body['detail']).toMatch(detail);
    expect(body['details']).toEqual(expect.arrayContaining([{ message: expect.any(String) }]));
  });

  it('for an unknown fleet is answered with 404', async () => {
    const maker = place.matchmaker(place.gateway, V1.replace(FLEET, randomUUID()));
    expect(await refused(maker.create(wish()))).toMatchObject({ status: 404 });
  });

  it('does not become invalid through unknown fields, which are ignored', async () => {
    const asked = { ...wish(), payload: 'x'.repeat(30_720), qos: 1, tags: null };
    await place.matchmaker().server(asked);
  });
});

describe('An impossible allocation id', () => {
  it.each(['%EF%BB%BFbom', '%20', 'a%00b', 'x'.repeat(200)])('is not found: %s', async (id) => {
    for (const path of [`${V1}/${id}`, `${TESTS}/${id}`]) {
      expect((await place.gateway.get(path)).status).toBe(404);
      expect((await place.gateway.get(path, { method: 'DELETE' })).status).toBe(404);
    }
    expect((await place.gateway.get(`${V1}?ids=${id}`)).body.allocations).toEqual([]);
  });
});

describe('A request without a region', () => {
  it.each([{ regionId: '' }, { regionId: undefined }, { regionId: null }])(
    'is for the only region: %j',
    async (nowhere) => {
      const asked = { ...wish(), ...nowhere };
      expect(await place.matchmaker().server(asked as Wish)).toMatchObject({
        regionId: guidOf('region', 'eu'),
      });
    },
  );

  it('is for the configured default region if there are several', async () => {
    const settings = { BERTH_REGIONS: 'us,eu', MULTIPLAY_REGION: 'eu' };
    const maker = place.matchmaker(await place.startGateway(settings));
    expect(await maker.server(wish({ regionId: '' }))).toMatchObject({
      regionId: guidOf('region', 'eu'),
    });
  });

  it('is refused in plain words if there are several and no default is set', async () => {
    const maker = place.matchmaker(await place.startGateway({ BERTH_REGIONS: 'us,eu' }));
    const { status, body } = await refused(maker.create(wish({ regionId: '' })));
    expect(status).toBe(400);
    expect(body['detail']).toBe(
      'regionId: is missing or empty, and this gateway has no default region',
    );
  });

  it('cannot have a default that the gateway does not serve', async () => {
    const settings = { BERTH_REGIONS: 'eu', MULTIPLAY_REGION: 'us' };
    await expect(place.startGateway(settings)).rejects.toThrow('MULTIPLAY_REGION: must be one of');
  });
});
