import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { READ_MS, RotationLoad } from './rotation-load.js';
import { IDENTITIES, SecureRegion } from './secure-region.js';

/** Services read certificates each ten seconds (ms). */
const CERTIFICATE_MS = 11_000;

const aKey = () => randomBytes(32).toString('base64');
const KEPT = 'kept';

let region: SecureRegion;
let load: RotationLoad;
let [jwtKey, masterKey] = [aKey(), aKey()];
let caFile = '';

beforeAll(async () => {
  region = await SecureRegion.start({ 'jwt.keys': jwtKey, 'master.keys': masterKey });
  caFile = region.firstCa;
  load = await RotationLoad.on(region);
  const wish = { region: region.name, allocationId: KEPT, payload: { player: 'ann' } };
  expect((await load.ask('POST', '/v1/allocations', load.token, wish)).status).toBe(201);
}, 90_000);
afterAll(async () => {
  await load.stop();
  await region.close();
}, 60_000);

describe('Under load, no request fails when', () => {
  it.each(IDENTITIES)(
    'the NKey of %s is rotated',
    (name) => {
      return load.unnoticed(() => region.rotateKey(name));
    },
    60_000,
  );

  it('an access token is', async () => {
    await load.unnoticed(async () => {
      const old = (await region.tokens.list()).map(({ id }) => id);
      const next = await region.tokens.add(['allocate', 'observe']);
      await sleep(READ_MS);
      load.token = next;
      await load.more();
      await region.tokens.keep(({ id }) => !old.includes(id));
      await sleep(READ_MS);
    });
  }, 60_000);

  it('the key of JSON Web Tokens is', async () => {
    await load.unnoticed(async () => {
      const next = aKey();
      for (const lines of [[jwtKey, next], [next, jwtKey], [next]]) {
        await region.write('jwt.keys', lines.join('\n'));
        await sleep(READ_MS);
        await load.more();
      }
      jwtKey = next;
    });
  }, 60_000);

  it("nats-server's, the clients' and the gateway's certificates are, and who signs them", async () => {
    await load.unnoticed(async () => {
      const next = await region.certify('second', caFile);
      await region.reload();
      await sleep(CERTIFICATE_MS);
      await region.trust(next);
      await region.reload();
      // Everybody connects anew, and the former authority counts no more.
      for (const name of IDENTITIES) await region.rotateKey(name);
    });
  }, 120_000);

  it('the master key of payloads is, and what was encrypted before can be read', async () => {
    await load.unnoticed(async () => {
      const next = aKey();
      for (const lines of [
        [masterKey, next],
        [next, masterKey],
      ]) {
        await region.write('master.keys', lines.join('\n'));
        await load.more();
      }
      masterKey = next;
      // Allocators that know nothing from before.
      for (const name of ['allocator-2', 'allocator'] as const) await region.restart(name);
    });
    const { body } = await load.ask('GET', `/v1/allocations/${KEPT}`, load.token);
    expect(body).toMatchObject({ allocationId: KEPT, end: null });
    expect(JSON.stringify(body)).toContain('{"player":"ann"}');
  }, 60_000);

  it('all of it has been rotated', () => {
    expect(load.failures).toEqual([]);
    process.stdout.write(`${load.served} served; repeated: ${JSON.stringify(load.repeated)}\n`);
    expect(load.served).toBeGreaterThan(200);
  });
});
