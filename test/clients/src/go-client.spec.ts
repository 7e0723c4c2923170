import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { guidOf, numberOf } from '#multiplay';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { RealGo, goIsMissing, replayedGo, type GoClient } from './go-client.js';
import { GuardedBerth } from './guarded-berth.js';

const berth = new GuardedBerth();
let allocate: string;
let register: string;
let real: GoClient | undefined;

beforeAll(async () => {
  await berth.start(2);
  allocate = await berth.token('allocate');
  register = await berth.token('register');
  if (goIsMissing === null) real = await RealGo.start();
}, 90_000);

afterAll(async () => {
  await real?.close();
  await berth.dispose();
}, 60_000);

const clients: readonly [string, () => GoClient | undefined, string | null][] = [
  ['replayed', () => replayedGo, null],
  ['itself', () => real, goIsMissing],
];

const json = z.record(z.string(), z.json());

/** Throws if the value is not a string. */
const text = (value: unknown) => z.string().parse(value);

describe.each(clients)('A Go program, %s', (name, made, missing) => {
  const when = missing === null ? it : it.skip;
  const why = missing === null ? '' : ` (${missing})`;

  const send = async (method: string, path: string, authorization: string, body: object) => {
    const client = made();
    if (client === undefined) throw new Error('not compiled');
    const url = `${berth.url}${path}`;
    const answer = await client.send({ method, url, authorization, body: JSON.stringify(body) });
    return {
      status: answer.status,
      body: answer.text === '' ? {} : json.parse(JSON.parse(answer.text)),
    };
  };

  when(`registers servers and gets them with the GameFabric API${why}`, async () => {
    const address = `192.0.2.7:${name === 'itself' ? 7001 : 7002}`;
    const attributes = { client: name };
    const registration = { address, priority: 0, region: 'local', attributes, timeout: 60 };
    const registry = `Bearer ${register}`;
    expect(await send('POST', '/servers', registry, registration)).toMatchObject({ status: 201 });
    const alive = await send('POST', `/servers/${address}/keepalive`, registry, { timeout: 60 });
    expect(alive.status).toBe(200);
    const wish = { region: 'local', attributes, payload: { map: 'docks' } };
    expect(await send('POST', '/allocate', `Bearer ${allocate}`, wish)).toMatchObject({
      status: 200,
      body: { address },
    });
    const again = { ...registration, address: address.replace('.7:', '.8:') };
    expect(await send('POST', '/servers/', registry, again)).toMatchObject({ status: 201 });
    const gone = await send('DELETE', `/servers/${again.address}`, registry, { reason: 'over' });
    expect(gone.status).toBe(200);
  });

  when(`exchanges its key and gets a server with the Multiplay API${why}`, async () => {
    const [, id, secret] = /^berth_([0-9a-f]+)_(.+)$/.exec(allocate) ?? [];
    const basic = `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
    const exchanged = await send('POST', '/auth/v1/token-exchange', basic, { scopes: [] });
    expect(exchanged.status).toBe(201);
    const bearer = `Bearer ${text(exchanged.body['accessToken'])}`;
    const place = `projects/p/environments/e/fleets/${guidOf('fleet', 'sample')}`;
    const url = `/v1/allocations/${place}/allocations`;
    const wish = {
      allocationId: randomUUID(),
      buildConfigurationId: Number(numberOf('sample-game')),
      regionId: guidOf('region', 'local'),
      payload: null,
      restart: null,
    };
    expect((await send('POST', url, bearer, wish)).status).toBe(202);
    const gone = await send('DELETE', `${url}/${wish.allocationId}`, bearer, {
      allocationId: wish.allocationId,
    });
    expect(gone.status).toBe(204);
  });

  when(`gets a server with Berth's own API${why}`, async () => {
    const bearer = `Bearer ${allocate}`;
    const granted = await send('POST', '/v1/allocations', bearer, {
      region: 'local',
      waitMs: 5_000,
    });
    expect(granted).toMatchObject({ status: 201, body: { region: 'local' } });
    const id = encodeURIComponent(text(granted.body['allocationId']));
    const ended = await send('DELETE', `/v1/allocations/${id}?region=local`, bearer, {});
    expect(ended.status).toBe(200);
  });
});
