import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { guidOf, numberOf } from '#multiplay';
import { randomUUID } from 'node:crypto';
import { GuardedBerth } from './guarded-berth.js';

/** Greatest value of a C# `int`. */
const INT_MAX = 2 ** 31 - 1;

/** Fields that vendors' public clients declare as `int`, or that C# programs store in one. */
const INTS = [
  ...['buildConfigurationId', 'serverId', 'machineId', 'gamePort'],
  ...['id', 'buildConfigurationID', 'machineID', 'locationID'],
];

const PLACE = 'projects/p/environments/e';
const FLEET = guidOf('fleet', 'sample');

const berth = new GuardedBerth();
beforeAll(() => berth.start(1), 60_000);
afterAll(() => berth.dispose(), 60_000);

/** Every number in an answer, with the name of its field. */
function numbersIn(value: unknown, name: string): readonly (readonly [string, number])[] {
  if (typeof value === 'number') return [[name, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => numbersIn(inner, key));
}

describe('A number that C# clients hold in an int', () => {
  it('fits into 32 bits in every answer', async () => {
    const token = await berth.token('allocate', 'observe');
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const url = `${berth.url}/v4/${PLACE}/fleets/${FLEET}/allocations`;
    const wish = {
      allocationId: randomUUID(),
      buildConfigurationId: Number(numberOf('sample-game')),
      regionId: '',
    };
    const body = JSON.stringify(wish);
    expect((await fetch(url, { method: 'POST', headers, body })).status).toBe(202);
    const read = async (path: string) => {
      const answer = await fetch(`${berth.url}${path}`, { headers });
      expect(answer.status).toBe(200);
      return numbersIn(await answer.json(), path);
    };
    const allocation = `/v4/${PLACE}/fleets/${FLEET}/allocations/${wish.allocationId}`;
    let seen = await read(allocation);
    while (!seen.some(([name]) => name === 'gamePort')) seen = await read(allocation);
    for (const service of ['fleets', 'build-configs', 'builds', 'servers']) {
      seen = [...seen, ...(await read(`/multiplay/${service}/v1/${PLACE}/${service}`))];
    }
    expect(seen.map(([name]) => name)).toEqual(expect.arrayContaining(INTS));
    expect(seen.filter(([, number]) => Math.abs(number) > INT_MAX)).toEqual([]);
  });
});
