import { BerthClient } from '#client';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { findClusterBinary } from '../../contracts/src/cluster.js';
import { RotationLoad } from './rotation-load.js';
import { IDENTITIES, SecureRegion, type SecureRegionKind } from './secure-region.js';

const found = await findClusterBinary(process.env);

/** So many requests of each requester are served between two steps. */
const BETWEEN = 2;

/** How long credentials are good whose end is waited for (ms). */
const SHORT_MS = 60_000;
const READ_MS = 2_500;

const aKey = () => randomBytes(32).toString('base64');

const kinds: readonly (readonly [string, SecureRegionKind])[] = [
  ['one server', { operator: true }],
  ...('binary' in found
    ? [['three servers', { operator: true, cluster: found.binary }] as const]
    : []),
];

describe.each(kinds)('An installation with an operator, on %s,', (_, kind) => {
  let region: SecureRegion;
  let client: BerthClient;
  let load: RotationLoad;
  let token = '';

  beforeAll(async () => {
    region = await SecureRegion.start({ 'jwt.keys': aKey(), 'master.keys': aKey() }, kind);
    token = await region.tokens.add(['allocate', 'observe']);
    await sleep(READ_MS);
    const { natsUrl: servers } = region;
    client = await BerthClient.connect({ servers, login: region.loginOf('matchmaker') });
    load = new RotationLoad(region, () => token, client);
    await load.more(BETWEEN);
  }, 120_000);
  afterAll(async () => {
    await load.stop();
    await client.close();
    await region.close();
  }, 60_000);

  /** Acts, and requires that no request failed, before and after. */
  async function unnoticed(act: () => Promise<void>): Promise<void> {
    await load.more(BETWEEN);
    await act();
    await load.more(BETWEEN);
    await region.allocatorsReady();
    expect(load.failures).toEqual([]);
  }

  it('lets a machine in while it serves', async () => {
    await unnoticed(async () => {
      await region.berth('enroll', 'm2');
      await region.reload();
    });
  }, 60_000);

  /** For how long the logins of allocators and gateways are good (ms). */
  async function loginsLeft(): Promise<readonly number[]> {
    const { body } = await load.ask('GET', '/v1/installation', token);
    const left = JSON.stringify(body).match(/(?<="loginLeftMs":)-?\d+/g) ?? [];
    expect(left.length).toBeGreaterThan(1);
    return left.map(Number);
  }

  it('has credentials renewed, and the end of the others passes, without a request that fails', async () => {
    const newOnesEnd = (after: string) =>
      region.berth('nats', 'config', '--regions', region.name, '--expires', after);
    await unnoticed(async () => {
      await newOnesEnd('1m');
      await region.renew(...IDENTITIES);
      const endAt = Date.now() + SHORT_MS;
      await region.revokeOlder(...IDENTITIES);
      await newOnesEnd('90d');
      await sleep(READ_MS);
      expect(Math.max(...(await loginsLeft()))).toBeLessThan(SHORT_MS);
      await region.renew(...IDENTITIES);
      await sleep(endAt + READ_MS - Date.now());
    });
    expect(Math.min(...(await loginsLeft()))).toBeGreaterThan(SHORT_MS);
  }, 240_000);
});

if ('missing' in found) {
  it.skip(`three servers are not tried: ${found.missing}`, () => undefined);
}
