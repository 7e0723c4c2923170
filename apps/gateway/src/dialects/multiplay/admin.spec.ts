import { buildConfigurationSchema } from '#build';
import { formerId, guidOf, numberOf, numericId } from '#multiplay';
import { past } from '#testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { TestGateway } from '../../../test/support/gateway.js';
import { refuseEmptiness } from '../../../test/support/matchmaker.js';

const PLACE = 'projects/p/environments/e';

let gateway: TestGateway;
beforeEach(async () => {
  gateway = await TestGateway.start();
  await gateway.record('local.a.1', past.live);
  await gateway.record('local.a.2', past.warm);
  await gateway.record('local.a.3', past.cold);
});
afterEach(() => gateway.close());

const size = { minAvailable: 2, max: 10, buffer: 1 };
const view = { id: 'local.harbour', size, revision: 1, allocated: 1, warm: 1, cold: 1 };
const known = () => gateway.answer('fleets', () => ({ status: 'fleets', fleets: [view] }));

const read = async (path: string) => {
  const { status, body } = await gateway.get(path);
  refuseEmptiness(body, '');
  return { status, body };
};

describe("Multiplay's tools", () => {
  it.each([`/api/multiplay/fleets/v4/${PLACE}/fleets`, `/multiplay/fleets/v1/${PLACE}/fleets`])(
    'read fleets under %s',
    async (path) => {
      known();
      const { body } = await read(path);
      const status = { allocated: 1, available: 2, avalaible: 2, online: 2 };
      expect(body).toHaveLength(1);
      expect(body[0]).toMatchObject({
        id: guidOf('fleet', 'harbour'),
        name: 'harbour',
        status: 'ONLINE',
        allocationTTL: 60,
        servers: { all: { total: 3, status } },
        fleetRegions: [
          { regionName: 'local', minAvailableServers: 2, maxServers: 10, scalingEnabled: true },
        ],
        buildConfigurations: [{ id: Number(numberOf('harbour-1')), name: 'harbour-1' }],
      });
      for (const id of [body[0].id, 'harbour']) {
        expect((await read(`${path}/${id}`)).body).toEqual(body[0]);
      }
      expect((await read(`${path}/nothing`)).status).toBe(404);
    },
  );

  it('read servers', async () => {
    const path = `/multiplay/servers/v1/${PLACE}/servers`;
    const { body } = await read(path);
    const [allocated, warm, cold] = body;
    expect(allocated).toMatchObject({
      id: Number(numericId('local.a.1')),
      machineID: Number(numericId('a')),
      status: 'ALLOCATED',
      ip: '192.0.2.1',
      port: 7777,
    });
    expect([warm.status, cold.status]).toEqual(['ONLINE', 'AVAILABLE']);
    for (const id of [warm.id, 'local.a.2', formerId('local.a.2')]) {
      expect((await read(`${path}/${id}`)).body).toEqual(warm);
    }
    expect((await read(`${path}?limit=1&offset=1`)).body).toEqual([warm]);
    expect((await read(`${path}/1`)).status).toBe(404);
  });

  it('are told if an id belongs to two servers', async () => {
    const names = ['local.a.60761', 'local.a.108351'];
    for (const name of names) await gateway.record(name, past.warm);
    expect(names.map(numericId)).toEqual(['1497001906', '1497001906']);
    const path = `/multiplay/servers/v1/${PLACE}/servers`;
    expect((await read(`${path}/1497001906`)).status).toBe(400);
    for (const name of names) expect((await read(`${path}/${name}`)).status).toBe(200);
  });

  it('take servers out of service', async () => {
    const id = numericId('local.a.2');
    const path = `/api/multiplay/servers/v4/${PLACE}/servers/${id}/actions`;
    const slots = [{ slot: 'local.a.2', outcome: 'done' }];
    const asked = gateway.answer('operate', () => ({ status: 'directed', slots }));
    expect((await gateway.post(path, { action: 'STOP' })).body).toEqual({ success: true });
    expect(asked).toMatchObject([{ agent: 'a', slot: '2', direction: 'drain', force: false }]);
    expect((await gateway.post(path, { action: 'RESTART' })).status).toBe(424);
    expect((await gateway.post(path, { action: 'EXPLODE' })).status).toBe(400);
  });

  it('read build configurations and builds', async () => {
    const build = { name: 'winter', version: 2 };
    const input = { executable: 'server', arguments: ['-port', '$$port$$', 'a b'], build };
    const wanted = buildConfigurationSchema.parse({ ...input, variables: { A: '1', B: '' } });
    const head = { id: 'local.ctf', version: 3, revision: 4 };
    const summary = { ...head, build, executable: 'server' };
    gateway.answer('configurations', ({ name }) => {
      if (name === undefined) return { status: 'configurations', configurations: [summary] };
      if (name === 'ctf') {
        return { status: 'configured', configuration: { ...head, configuration: wanted } };
      }
      return { status: 'refused', code: 'unknown-build-configuration', message: 'none' };
    });
    const path = `/api/multiplay/build-configs/v4/${PLACE}/build-configs`;
    const { body } = await read(path);
    expect(body[0]).toEqual({
      id: Number(numberOf('ctf')),
      name: 'ctf',
      buildID: Number(numberOf('winter')),
      buildName: 'winter',
      configuration: [{ id: 1, key: 'A', value: '1' }],
      queryType: 'none',
      binaryPath: 'server',
      commandLine: '-port $$port$$ "a b"',
      readiness: false,
      version: 3,
    });
    expect(body[1]).toMatchObject({ name: 'harbour-1' });
    for (const id of [body[1].id, 'harbour-1']) {
      expect((await read(`${path}/${id}`)).body).toEqual(body[1]);
    }
    const kept = { id: 'local.winter', version: 2, revision: 1, versions: 2, files: 1, bytes: 5 };
    gateway.answer('builds', () => ({ status: 'builds', builds: [kept] }));
    const builds = await read(`/multiplay/builds/v1/${PLACE}/builds`);
    expect(builds.body).toMatchObject([{ buildName: 'winter', buildVersion: 2 }]);
    for (const id of [numberOf('winter'), 'winter']) {
      const shown = await read(`/multiplay/builds/v1/${PLACE}/builds/${id}`);
      expect(shown.body).toEqual(builds.body[0]);
    }
  });
});
