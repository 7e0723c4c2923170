import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { guidOf } from '#multiplay';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Player } from '../../end-to-end/src/player.js';
import { GuardedBerth } from './guarded-berth.js';
import { ReplayedUnityModule, type UnityAnswer } from './unity-module.js';

const POLL_MS = 100;
const PROJECT = randomUUID();
const ENVIRONMENT = randomUUID();

/** The id that the vendor gave; a setting maps it to Berth's name. */
const BUILD_CONFIG_ID = 2_000_012;

const berth = new GuardedBerth();
let folder: string;
let key: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'berth-ids-'));
  const ids = join(folder, 'ids.json');
  await writeFile(
    ids,
    JSON.stringify({ buildConfigurations: { [BUILD_CONFIG_ID]: 'sample-game' } }),
  );
  await berth.start(1, { MULTIPLAY_POOL_TIMEOUT_S: '3', MULTIPLAY_IDS: ids });
  key = await berth.token('allocate');
}, 60_000);

afterAll(async () => {
  await berth.dispose();
  await rm(folder, { recursive: true, force: true });
}, 60_000);

const module = (basePath: string, change: { readonly key?: string } = {}) =>
  new ReplayedUnityModule({
    baseUrl: berth.url,
    basePath,
    key,
    projectId: PROJECT,
    environmentId: ENVIRONMENT,
    fleetId: guidOf('fleet', 'sample'),
    buildConfigId: BUILD_CONFIG_ID,
    ...change,
  });

/** Polls like Matchmaker, until the answer is no longer pending. */
async function polled(made: ReplayedUnityModule, allocationId: string): Promise<UnityAnswer> {
  for (;;) {
    const answer = await made.poll(allocationId);
    if (answer.status !== 'Pending') return answer;
    await sleep(POLL_MS);
  }
}

async function end(allocationId: string): Promise<void> {
  const url = `${berth.url}/v1/allocations/${allocationId}?region=local`;
  const headers = { authorization: `Bearer ${key}` };
  expect((await fetch(url, { method: 'DELETE', headers })).status).toBe(200);
}

const results = { MatchProperties: { Region: '' }, QueueName: 'berth' };

describe.each(['/v4', '/v1/allocations'])("One of Unity's modules, at %s", (basePath) => {
  it.each([
    ['of its request', guidOf('region', 'local')] as const,
    ['that its request leaves open', ''] as const,
  ])('gets a server in a region %s', async (_, regionId) => {
    const made = module(basePath);
    const id = randomUUID();
    const created = await made.allocate(id, regionId, results);
    expect(created).toEqual({ status: 'Created', allocationId: id });
    const found = await polled(made, id);
    if (found.status !== 'Allocated') throw new Error(JSON.stringify(found));
    const player = await Player.join(`${found.ip}:${found.port}`);
    expect(await player.hear()).toContain('welcome');
    await end(id);
    await player.gone();
  });

  it('gets the plain message that all servers are taken, or that a session is over', async () => {
    const made = module(basePath);
    const [first, second] = [randomUUID(), randomUUID()];
    await made.allocate(first, '', results);
    expect((await polled(made, first)).status).toBe('Allocated');
    await made.allocate(second, '', results);
    const full = await polled(made, second);
    expect(full).toEqual({
      status: 'Error',
      message: expect.stringContaining('"title":"Maximum capacity reached."'),
    });
    await end(first);
    expect(await polled(made, first)).toEqual({
      status: 'Error',
      message: expect.stringContaining('"title":"The session is over."'),
    });
  });

  it("is refused with Unity's own token", async () => {
    const unitys = ['{"alg":"RS256","kid":"unity"}', '{"iss":"https://services.unity.com"}', 'x']
      .map((part) => Buffer.from(part).toString('base64url'))
      .join('.');
    const made = module(basePath, { key: unitys });
    expect(await made.allocate(randomUUID(), '', results)).toEqual({
      status: 'Error',
      message: expect.stringContaining('"status":401'),
    });
  });
});
