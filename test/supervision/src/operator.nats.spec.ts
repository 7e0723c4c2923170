import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { findClusterBinary } from '../../contracts/src/cluster.js';
import { READ_MS, RotationLoad } from './rotation-load.js';
import { IDENTITIES, SecureRegion, type SecureRegionKind } from './secure-region.js';

const found = await findClusterBinary(process.env);

/** How long credentials are good whose end is waited for (ms). */
const SHORT_MS = 60_000;

const aKey = () => randomBytes(32).toString('base64');

const kinds: readonly (readonly [string, SecureRegionKind])[] = [
  ['one server', { operator: true }],
  ...('binary' in found
    ? [['three servers', { operator: true, cluster: found.binary }] as const]
    : []),
];

describe.each(kinds)('An installation with an operator, on %s,', (_, kind) => {
  let region: SecureRegion;
  let load: RotationLoad;

  beforeAll(async () => {
    region = await SecureRegion.start({ 'jwt.keys': aKey(), 'master.keys': aKey() }, kind);
    load = await RotationLoad.on(region);
  }, 120_000);
  afterAll(async () => {
    await load.stop();
    await region.close();
  }, 60_000);

  it('lets a machine in while it serves', async () => {
    await load.unnoticed(async () => {
      await region.berth('enroll', 'm2');
      await region.reload();
    });
  }, 60_000);

  /** For how long the logins of allocators and gateways are good (ms). */
  async function loginsLeft(): Promise<readonly number[]> {
    const { body } = await load.ask('GET', '/v1/installation', load.token);
    const left = JSON.stringify(body).match(/(?<="loginLeftMs":)-?\d+/g) ?? [];
    expect(left.length).toBeGreaterThan(1);
    return left.map(Number);
  }

  it('has credentials renewed, and the end of the others passes, without a request that fails', async () => {
    const newOnesEnd = (after: string) =>
      region.berth('nats', 'config', '--regions', region.name, '--expires', after);
    await load.unnoticed(async () => {
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
