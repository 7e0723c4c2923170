import { guidOf, numberOf } from '#multiplay';
import { expect } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { Holder, SERVER, type Answer, type TwoProjects } from './world.js';

/** Tries to learn of, end or collide with what another project has, on one route. */
type Probe = (world: TwoProjects, path: string, method: string) => Promise<void>;

const UNKNOWN_ADDRESS = '192.0.2.9:7009';

const fleet = guidOf('fleet', 'sample');

/** A path with everything in it but the id or the address. */
const placed = (path: string) =>
  path
    .replace('{projectId}', 'beta')
    .replace('{environmentId}', 'production')
    .replace('{fleetId}', fleet);

const without = ({ status, text }: Answer, name: string) => ({
  status,
  text: text.replaceAll(name, '…').replace(/"requestId":"[^"]*"/, ''),
});

/** The answer about the victim's id is the answer about an id that nobody has. */
const asUnknown: Probe = async ({ id, intruder }, path, method) => {
  const nobodys = randomUUID();
  const about = (one: string) => intruder.ask(method, placed(path).replace('{id}', one));
  const [theirs, none] = [await about(id), await about(nobodys)];
  expect(without(theirs, id)).toEqual(without(none, nobodys));
  expect(none.status).toBe(404);
};

const asUnknownServer: Probe = async ({ address, intruder }, path, method) => {
  const about = (one: string) =>
    intruder.ask(method, path.replace('{address}', one), method === 'post' ? {} : undefined);
  const [theirs, none] = [await about(address), await about(UNKNOWN_ADDRESS)];
  expect(without(theirs, address)).toEqual(without(none, UNKNOWN_ADDRESS));
  expect(none.status).toBe(404);
};

/** Nothing of the victim's is in the list, also if it is asked for by its id. */
const listsNothing: Probe = async ({ id, secrets, intruder, victim }, path) => {
  for (const query of path.startsWith('/v1/allocations') && !path.includes('{') ? [''] : QUERIES) {
    const asked = `${placed(path)}${query.replace('ID', id)}`;
    const { status, text } = await intruder.ask('GET', asked);
    expect(status).toBe(200);
    for (const secret of secrets) expect(text).not.toContain(secret);
    expect((await victim.ask('GET', asked)).text).toContain(id);
  }
};
const QUERIES = ['', '?ids=ID'];

/** The same id gets the intruder another server, and both sessions go on. */
const sharesNoServer =
  (allocation: {
    readonly create: (by: Holder, path: string, id: string) => Promise<Answer>;
    /** What tells servers apart. */
    readonly server: (by: Holder, path: string, id: string, created: Answer) => Promise<unknown>;
  }): Probe =>
  async (world, path) => {
    await world.withSession(async (id, session) => {
      const created = await allocation.create(world.intruder, placed(path), id);
      expect(created.status).toBeGreaterThanOrEqual(200);
      expect(created.status).toBeLessThan(300);
      const own = await allocation.server(world.intruder, placed(path), id, created);
      expect(own).toBeDefined();
      const shown = await world.intruder.ask('GET', `/v1/allocations/${id}`);
      expect(shown.body['allocationId']).toBe(id);
      expect(shown.body['slot']).not.toBe(session.body['slot']);
      expect(shown.text).not.toContain('of acme');
      const theirs = await world.victim.ask('GET', `/v1/allocations/${id}`);
      expect(theirs.body).toMatchObject({
        allocationId: id,
        slot: session.body['slot'],
        end: null,
      });
    });
  };

const multiplayCreation = sharesNoServer({
  create: (by, path, allocationId) => {
    const buildConfigurationId = Number(numberOf('sample-game'));
    return by.ask('POST', path, { allocationId, buildConfigurationId, regionId: '' });
  },
  server: async (by, path, id) =>
    (await by.askUntil(`${path}/${id}`, ({ body }) => 'gamePort' in body)).body['serverId'],
});

/** By the name of the operation, without the number of its path. */
export const PROBES: Readonly<Record<string, Probe>> = {
  allocations_allocate: sharesNoServer({
    create: (by, _, id) => by.allocate(id),
    server: (_by, _path, _id, { body }) => Promise.resolve(body['slot']),
  }),
  allocations_list: listsNothing,
  allocations_get: asUnknown,
  allocations_release: asUnknown,
  requests_publish: sharesNoServer({
    create: (by, path, allocationId) =>
      by.ask('POST', path, { region: 'local', fleet: 'sample', allocationId }),
    server: async (by, path, id) => {
      const result = `${path}/${id}?region=local`;
      const { body } = await by.askUntil(result, ({ body: { status } }) => status === 'allocated');
      return (body['allocation'] as { slot: string }).slot;
    },
  }),
  requests_get: async (world, path, method) => {
    const id = randomUUID();
    await world.victim.ask('POST', '/v1/requests', {
      region: 'local',
      allocationId: id,
      fleet: 'x',
    });
    await asUnknown({ ...world, id } as TwoProjects, path, method);
    expect((await world.victim.ask('GET', `/v1/requests/${id}`)).status).toBe(200);
  },
  gameFabric_allocate: sharesNoServer({
    create: (by, path, id) =>
      by.ask(
        'POST',
        path,
        { region: 'local', attributes: {}, payload: {} },
        { 'idempotency-key': id },
      ),
    server: (_by, _path, _id, { body }) => Promise.resolve(body['address']),
  }),
  servers_register: async ({ address, intruder }, path) => {
    const wish = { region: 'local', fleet: 'registered' };
    const { status, text } = await intruder.ask('POST', '/v1/allocations', wish);
    expect({ status, text: text.includes('nothing-fits') }).toEqual({ status: 404, text: true });
    expect((await intruder.ask('POST', path, { ...SERVER, address })).status).toBe(201);
    expect((await intruder.ask('DELETE', `${path}/${address}`)).status).toBe(200);
  },
  servers_keepAlive: asUnknownServer,
  servers_deregister: asUnknownServer,
  multiplayToken_exchange: async ({ id, berth: { url }, intruderToken }, path) => {
    const [, name, ...secret] = intruderToken.split('_');
    const basic = Buffer.from(`${name}:${secret.join('_')}`).toString('base64');
    const { body } = await new Holder(url, `Basic ${basic}`).ask('POST', path);
    const exchanged = Holder.of(url, String(body['accessToken']));
    expect((await exchanged.ask('GET', '/v1/allocations')).status).toBe(200);
    expect((await exchanged.ask('GET', `/v1/allocations/${id}`)).status).toBe(404);
    expect((await exchanged.ask('GET', '/v1/slots')).status).toBe(403);
  },
  multiplayAllocations_create: multiplayCreation,
  multiplayAllocations_list: listsNothing,
  multiplayAllocations_get: asUnknown,
  multiplayAllocations_delete: asUnknown,
  multiplayTestAllocations_create: multiplayCreation,
  multiplayTestAllocations_list: listsNothing,
  multiplayTestAllocations_get: asUnknown,
  multiplayTestAllocations_delete: asUnknown,
};
