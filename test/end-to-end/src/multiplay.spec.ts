import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  NotServed,
  TestMatchmaker,
  refuseEmptiness,
} from '../../../apps/gateway/test/support/matchmaker.js';
import { BerthDev } from './berth-dev.js';
import { Player } from './player.js';

/** Pause between two polls (ms); vendors' modules wait a second. */
const POLL_MS = 20;

const PLACE = `projects/${randomUUID()}/environments/${randomUUID()}`;

interface Fleet {
  readonly id: string;
  readonly fleetRegions: readonly { readonly regionID: string }[];
  readonly buildConfigurations: readonly { readonly id: number }[];
}

const berth = new BerthDev();

beforeAll(() => berth.start(2), 60_000);
afterAll(() => berth.dispose(), 60_000);

/** The ids that people look up once in the vendor's dashboard, and write into a matchmaker. */
async function theFleet(): Promise<Fleet> {
  const answer = await fetch(`${berth.api}/multiplay/fleets/v1/${PLACE}/fleets`);
  const fleets = (await answer.json()) as readonly [Fleet];
  refuseEmptiness(fleets, '');
  return fleets[0];
}

async function authorization(): Promise<string> {
  const answer = await fetch(`${berth.api}/auth/v1/token-exchange?projectId=p&environmentId=e`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from('key:secret').toString('base64')}`,
      'content-type': 'application/json',
    },
    body: '{"scopes":[]}',
  });
  expect(answer.status).toBe(201);
  return `Bearer ${((await answer.json()) as { accessToken: string }).accessToken}`;
}

describe('a matchmaker written for Multiplay, with another base URL', () => {
  test.each(['v1/allocations/', 'v4/'])(
    'gets a server that can be played on, under /%s',
    async (shape) => {
      const { id, fleetRegions, buildConfigurations } = await theFleet();
      const url = `${berth.api}/${shape}${PLACE}/fleets/${id}/allocations`;
      const maker = new TestMatchmaker(url, () => sleep(POLL_MS), await authorization());
      const wish = {
        allocationId: randomUUID(),
        regionId: fleetRegions[0]?.regionID ?? '',
        buildConfigurationId: buildConfigurations[0]?.id ?? 0,
        payload: '{"mode":"ctf"}',
      };
      await expect(maker.get(wish.allocationId)).rejects.toMatchObject({ status: 404 });
      // Like several gateways with retries: many requests at once, all for one server.
      await Promise.all(Array.from({ length: 10 }, () => maker.create(wish)));
      const server = await maker.server(wish);
      expect((await maker.list())['allocations']).toHaveLength(1);
      expect(server.ipv4).toBe('127.0.0.1');

      const player = await Player.join(`${server.ipv4}:${server.gamePort}`);
      expect(await player.hear()).toContain('welcome');
      const again = await maker.server(wish);
      expect(again.gamePort).toBe(server.gamePort);

      await maker.delete(wish.allocationId);
      await player.gone();
      await expect(maker.get(wish.allocationId)).rejects.toThrow(NotServed);
      await maker.delete(wish.allocationId);
    },
    30_000,
  );
});
