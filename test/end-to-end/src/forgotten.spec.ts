import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { jetstreamManager } from '@nats-io/jetstream';
import { commonSettings, natsAddressOf, readConfig } from '#service-runtime';
import { z } from 'zod';
import { BerthClient } from '#client';
import { connectNats } from '#jetstream';
import { execFile } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { BerthDev, eventually } from './berth-dev.js';

const run = promisify(execFile);
const MAIN = resolve('dist/apps/cli/src/main.js');
const berth = new BerthDev({ ...process.env, BERTH_ENCRYPT_PAYLOADS: 'true' });

beforeAll(() => berth.start(3), 60_000);
afterAll(() => berth.dispose(), 60_000);

const post = (path: string, body: object) =>
  fetch(`${berth.api}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

const get = async (path: string) =>
  (await (await fetch(`${berth.api}${path}`)).json()) as Record<string, unknown>;

const forget = (id: string) =>
  fetch(`${berth.api}/v1/audit/allocations/${id}/payload?reason=a%20player%20asked%20for%20it`, {
    method: 'DELETE',
  });

/** Names of the files of nats-server in which the text is found. */
function filesWith(text: string): readonly string[] {
  const files = readdirSync(berth.data, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.parentPath.includes('jetstream'))
    .map(({ parentPath, name }) => join(parentPath, name));
  expect(files.length).toBeGreaterThan(5);
  return files.filter((file) => readFileSync(file).includes(text));
}

/** The random half of a key, as the store has it; undefined if it was erased. */
async function shareOf(payloadKey: number): Promise<string | undefined> {
  const login = readConfig(z.object(commonSettings), berth.login('allocator'));
  const connection = await connectNats({ ...natsAddressOf(login), name: 'test' });
  try {
    const manager = await jetstreamManager(connection, { checkAPI: false });
    const found = await manager.streams.getMessage('KEYS_local', { seq: payloadKey });
    return found?.json<{ share: string }>().share;
  } finally {
    await connection.close();
  }
}

async function keyOf(id: string): Promise<number> {
  const { attempts } = (await get(`/v1/audit/allocations/${id}`)) as {
    attempts: { payloadKey: number }[];
  };
  return attempts.at(-1)?.payloadKey ?? 0;
}

describe('a payload that is forgotten', () => {
  test('was delivered and answered, and was never in the store in clear', async () => {
    const response = await post('/v1/allocations', {
      ...{ region: 'local', allocationId: 'match-1', payload: { mode: 'needle-of-match-1' } },
    });
    expect(response.status).toBe(201);
    const payload = { mode: 'needle-of-match-1', accepted: true };
    const granted = (await response.json()) as { token: string };
    expect(granted).toMatchObject({ payload, token: expect.stringMatching(/./) });
    expect(await get('/v1/allocations/match-1')).toMatchObject({
      requestPayload: { mode: 'needle-of-match-1' },
      payload,
    });
    // Whoever lost the answer asks again and gets it again.
    const again = await post('/v1/allocations', { region: 'local', allocationId: 'match-1' });
    expect(await again.json()).toEqual(granted);
    expect(filesWith('match-1').length).toBeGreaterThan(0);
    expect(filesWith('needle-of-match-1')).toEqual([]);
    expect(filesWith(granted.token)).toEqual([]);
  }, 30_000);

  test('was published, and is erased from the queue once it is served', async () => {
    const payload = { mode: 'needle-of-match-2' };
    await post('/v1/requests', { region: 'local', allocationId: 'match-2', payload });
    await eventually(
      async () => (await get('/v1/requests/match-2?region=local'))['status'] === 'allocated',
      10_000,
    );
    const { allocation } = (await get('/v1/requests/match-2?region=local')) as {
      allocation: { token: string };
    };
    expect(allocation).toMatchObject({
      ...{ payload: { mode: 'needle-of-match-2', accepted: true } },
      token: expect.stringMatching(/./),
    });
    await eventually(() => filesWith('needle-of-match-2').length === 0, 5_000);
    expect(filesWith(allocation.token)).toEqual([]);
  }, 30_000);

  test('is told to a matchmaker on NATS that published it', async () => {
    const { login } = natsAddressOf(
      readConfig(z.object(commonSettings), berth.login('matchmaker')),
    );
    const client = await BerthClient.connect({ servers: berth.natsUrl, ...(login && { login }) });
    try {
      const [region, allocationId] = ['local', 'match-3'];
      await client.publish({ region, allocationId, payload: { mode: 'needle-of-match-3' } });
      await eventually(
        async () => (await client.result(region, allocationId)) !== undefined,
        10_000,
      );
      expect(await client.result(region, allocationId)).toMatchObject({
        answer: {
          payload: { mode: 'needle-of-match-3', accepted: true },
          token: expect.stringMatching(/./),
        },
      });
      await client.deallocate({ region, allocationId });
    } finally {
      await client.close();
    }
  }, 30_000);

  test('cannot be read by anybody, for its key is nowhere in the store', async () => {
    const payloadKey = await keyOf('match-1');
    const share = (await shareOf(payloadKey)) ?? 'missing';
    expect(filesWith(share).length).toBeGreaterThan(0);
    expect((await forget('match-1')).status).toBe(200);
    expect(filesWith(share)).toEqual([]);
    expect(await shareOf(payloadKey)).toBeUndefined();
    expect(await get('/v1/allocations/match-1')).toMatchObject({
      requestPayload: '[forgotten]',
      payload: '[forgotten]',
    });
    const again = await post('/v1/allocations', { region: 'local', allocationId: 'match-1' });
    expect(await again.json()).toMatchObject({ payload: null, token: '' });
    // Other keys are as they were.
    expect(await get('/v1/requests/match-2?region=local')).toMatchObject({
      allocation: { payload: { mode: 'needle-of-match-2', accepted: true } },
    });
    expect((await forget('match-1')).status).toBe(200);
  }, 30_000);

  test('stays in the history, with who had it forgotten and why, and the log verifies', async () => {
    const options = ['--api', berth.api];
    const { stdout } = await run(process.execPath, [
      MAIN,
      'audit',
      'allocation',
      'match-1',
      ...options,
    ]);
    expect(stdout).toMatch(/payload and answer were forgotten by .*: a player asked for it/);
    const env = { ...process.env, ...berth.login('auditor') };
    const verified = await run(process.execPath, [MAIN, 'audit', 'verify', '--region', 'local'], {
      env,
    });
    expect(verified.stdout).toContain('sound');
  }, 60_000);

  test('is refused for a request that nobody made', async () => {
    expect((await forget('match-9')).status).toBe(404);
  });
});
