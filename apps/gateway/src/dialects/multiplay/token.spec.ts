import { ManualClock, MemoryOutcomeStore, MemoryRequestQueue } from '#memory';
import { numberOf } from '#multiplay';
import { past } from '#testing';
import { afterEach, describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import { randomBytes, randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { TestTokens } from '../../../test/support/tokens.js';
import { TestGateway } from '../../../test/support/gateway.js';

const EXCHANGE = '/auth/v1/token-exchange?projectId=p&environmentId=e';
const basic = (id: string, secret: string) => ({
  authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
});
const bearer = (text: unknown) => ({ authorization: `Bearer ${String(text)}` });

let tokens: TestTokens;
let gateway: TestGateway;
afterEach(async () => {
  await gateway.close();
  await tokens.remove();
});

async function start(settings: object = {}) {
  tokens = await TestTokens.create();
  const text = await tokens.add(['allocate']);
  const [, id = '', secret = ''] = /^berth_([0-9a-f]+)_(.+)$/.exec(text) ?? [];
  gateway = await TestGateway.start({ BERTH_TOKENS: tokens.path, ...settings });
  return { id, secret };
}

const statusOf = async (path: string, headers: Record<string, string>) =>
  (await gateway.fetch(path, { headers })).status;

/** Asks seldom enough that an address may fail so often. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(100);
}

describe('The token exchange', () => {
  it('gives a token that is valid for an hour wherever the first one is', async () => {
    const { id, secret } = await start();
    const { status, body } = await gateway.post(EXCHANGE, { scopes: [] }, basic(id, secret));
    expect(status).toBe(201);
    const { exp = 0, iat = 0, sub, scope } = decodeJwt(body.accessToken);
    expect({ lasts: exp - iat, sub, scope }).toEqual({ lasts: 3_600, sub: id, scope: 'allocate' });
    const exchanged = bearer(body.accessToken);
    expect(await statusOf('/v1/allocations', exchanged)).toBe(200);
    expect(await statusOf('/v1/slots', exchanged)).toBe(403);
    expect(JSON.stringify(body)).not.toContain(secret);
  });

  it("refuses an invalid token in Multiplay's error format", async () => {
    const { id, secret } = await start();
    for (const headers of [basic(id, 'wrong'), basic('0123456789ab', secret), {}]) {
      const { status, body } = await gateway.post(EXCHANGE, {}, headers);
      expect(status).toBe(401);
      expect(Object.keys(body).sort()).toEqual(['detail', 'requestId', 'status', 'title']);
    }
  });

  it('accepts no token that was changed, belongs to another key, or has no signature', async () => {
    const { id, secret } = await start();
    const { body } = await gateway.post(EXCHANGE, {}, basic(id, secret));
    const [head, claims, signature] = body.accessToken.split('.');
    const text = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const forged = [
      `${head}.${text({ ...decodeJwt(body.accessToken), exp: 9_999_999_999 })}.${signature}`,
      `${text({ alg: 'none', kid: id })}.${claims}.`,
      `${text({ alg: 'none', kid: id })}.${claims}.x`,
      `${text({ alg: 'HS256', kid: '0123456789ab' })}.${claims}.${signature}`,
      `${head}.${claims}.${'A'.repeat(43)}`,
    ];
    for (const one of forged) expect(await statusOf('/v1/allocations', bearer(one))).toBe(401);
  });

  it('gives a token that other gateways accept if they have the key, also while keys change', async () => {
    const { id, secret } = await start();
    const [shared, late] = ['keys', 'late'].map((name) => join(dirname(tokens.path), name));
    const [old, next] = [randomBytes(32), randomBytes(32)].map((key) => key.toString('base64'));
    await writeFile(shared!, `${old}\n`);
    await writeFile(late!, `${old}\n`);
    const started = (keys: string) =>
      TestGateway.start({ BERTH_TOKENS: tokens.path, BERTH_JWT_KEYS: keys });
    const others = [await started(shared!), await started(shared!), await started(late!)] as const;
    const [one, other, behind] = others;
    const given = async (): Promise<Record<string, string>> => {
      const { body } = await one.post(EXCHANGE, {}, basic(id, secret));
      return bearer(body.accessToken);
    };
    const status = async (headers: Record<string, string>, at = other) =>
      (await at.fetch('/v1/allocations', { headers })).status;
    const first = await given();
    expect(await Promise.all(others.map((at) => status(first, at)))).toEqual([200, 200, 200]);
    expect(await status(first, gateway)).toBe(401);
    await writeFile(shared!, `${next}\n${old}\n`);
    await until(async () => (await status(await given(), behind)) === 401);
    await until(async () => (await status(await given())) === 200);
    expect(await status(first)).toBe(200);
    await writeFile(shared!, `${next}\n`);
    await until(async () => (await status(first)) === 401);
    expect(await status(await given())).toBe(200);
    await writeFile(shared!, 'short');
    await Promise.all(others.map((at) => at.close()));
    await expect(started(shared!)).rejects.toThrow('a key of less than 43 characters');
  });

  it('ends when the first token is revoked', async () => {
    const { id, secret } = await start();
    const { body } = await gateway.post(EXCHANGE, {}, basic(id, secret));
    await tokens.keep(() => false);
    while ((await statusOf('/v1/allocations', bearer(body.accessToken))) !== 401);
  });

  it('is optional: calls accept Basic credentials, too', async () => {
    const { id, secret } = await start();
    expect(await statusOf('/v1/allocations', basic(id, secret))).toBe(200);
  });

  it('gives a token to anybody if the gateway is open', async () => {
    await start({ BERTH_TOKENS: '' });
    const { status, body } = await gateway.post(EXCHANGE, {}, basic('key', 'secret'));
    expect(status).toBe(201);
    expect(decodeJwt(body.accessToken).exp).toBeGreaterThan(0);
    expect(await statusOf('/v1/allocations', bearer(body.accessToken))).toBe(200);
  });
});

describe('A token without the region', () => {
  it('can leave no request there', async () => {
    tokens = await TestTokens.create();
    const here = bearer(await tokens.add(['allocate']));
    const elsewhere = bearer(await tokens.add(['allocate'], { regions: ['us'] }));
    const asked: string[] = [];
    const queueOf = (region: string) => {
      asked.push(region);
      return new MemoryRequestQueue(new ManualClock());
    };
    gateway = await TestGateway.start(
      { BERTH_TOKENS: tokens.path, BERTH_REGIONS: 'eu,us' },
      { queueOf, outcomesOf: () => new MemoryOutcomeStore() },
    );
    for (const region of ['eu', 'us']) await gateway.record(`${region}.a.1`, past.warm);
    const path = '/v4/projects/p/environments/e/fleets/harbour/allocations';
    const buildConfigurationId = Number(numberOf('harbour-1'));
    const ask = async (regionId: string, headers: Record<string, string>) => {
      const wish = { allocationId: randomUUID(), regionId, buildConfigurationId };
      return (await gateway.post(path, wish, headers)).status;
    };
    expect(await ask('eu', elsewhere)).toBe(400);
    expect(await ask('eu', here)).toBe(202);
    expect(await ask('eu', elsewhere)).toBe(403);
    expect(await ask('us', elsewhere)).toBe(202);
    expect(asked).toEqual(['eu', 'us']);
  });
});
