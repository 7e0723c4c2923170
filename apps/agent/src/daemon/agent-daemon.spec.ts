import { freePort } from '#testing';
import { SystemRandom } from '#service-runtime';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TEST_GAME } from '../../test/support/game.js';
import { isLive, isWarm } from '../../test/support/region.js';
import { TestClient } from '../../test/support/client.js';
import { TestMachine } from '../../test/support/machine.js';

const random = new SystemRandom();

const COUNT = 20;

/** A game that ends only when the daemon tells it to; SIGTERM alone does not end it. */
const SPEAKING_GAME = `
import { writeFileSync } from 'node:fs';
process.on('SIGTERM', () => undefined);
const here = process.env.BERTH_SDK_URL + '/v1/servers/' + process.env.BERTH_SERVER_ID;
const say = (path, body) => fetch(here + path, { method: 'POST', body: JSON.stringify(body) });
const heard = [];
let text = '';
for await (const piece of (await fetch(here + '/events')).body) {
  text += Buffer.from(piece).toString();
  const lines = text.split('\\n\\n').slice(0, -1).join('\\n').split('\\n');
  const data = lines.filter((line) => line.startsWith('data: '));
  for (const line of data.slice(heard.length)) {
    heard.push(JSON.parse(line.slice(6)));
    if (heard.length === 1) {
      await say('/ready', {});
      await say('/players', { count: 1 });
    } else {
      writeFileSync('heard', JSON.stringify(heard));
      process.exit(0);
    }
  }
}
`;

describe('the daemon of an agent with four slots', () => {
  let machine: TestMachine;

  beforeAll(async () => {
    machine = await TestMachine.create(await freePort());
    await machine.open();
  }, 60_000);

  afterAll(() => machine.dispose());

  const post = (path: string, body = '') =>
    fetch(machine.url + path, { method: 'POST', body: new Blob([body]) });
  const eventsOf = (client: TestClient) =>
    client.events.map(({ EventType, AllocationID }) => `${EventType} ${AllocationID}`);

  it('announces twenty sessions in a row, each after server.json, while three others play', async () => {
    for (const slot of ['2', '3', '4']) {
      await machine.claim(slot, `other-${slot}`);
      await machine.region(slot).until(isLive);
    }
    const serverId = machine.serverId('1');
    const all = await TestClient.following(
      machine.url,
      ...machine.slots.map((slot) => machine.serverId(slot)),
    );
    const client = await TestClient.following(machine.url, serverId);
    const written: string[] = [];
    client.socket.on('message', () => written.push(machine.allocatedUUID('1')));
    const expected: string[] = [];
    for (let round = 0; round < COUNT; round += 1) {
      const id = random.id();
      await machine.claim('1', id, { round });
      expected.push(`AllocateEventType ${id}`);
      await client.until(() => client.events.length === expected.length);
      expect(written.at(-1)).toBe(id);
      const payload = await fetch(`${machine.url}/v1/payload/allocations/${id}`);
      expect(await payload.json()).toEqual({ round });
      expect(await sayReady(round, serverId, id)).toBe(round % 2 ? 200 : 204);
      expect((await post(`/v1/servers/${serverId}/hold`, '{"timeout":"10m"}')).status).toBe(200);
      await machine.region('1').until(isLive);
      await machine.region('1').deallocate(id);
      expected.push(`DeallocateEventType ${id}`);
      await client.until(() => client.events.length === expected.length);
      expect(written.at(-1)).toBe('');
      await machine.region('1').until(isWarm);
    }
    expect(eventsOf(client)).toEqual(expected);
    const others = ['2', '3', '4'].map((slot) => `AllocateEventType other-${slot}`);
    expect(eventsOf(all)).toEqual([...others, ...expected]);
  }, 120_000);

  it('lets a request be answered only when the game is ready, if readiness is asked for', async () => {
    const id = random.id();
    await machine.claim('1', id, {}, true);
    const client = await TestClient.following(machine.url, machine.serverId('1'));
    await client.until(() => client.events.length === 1);
    await machine.region('1').until(({ context }) => context.allocation?.readiness === true);
    expect(machine.region('1').events.at(-1)).toBe('AllocationRequested');
    expect(await sayReady(1, machine.serverId('1'), id)).toBe(200);
    await machine.region('1').until(isLive);
    await machine.region('1').deallocate(id);
    await machine.region('1').until(isWarm);
  });

  it('writes a hold, players and the end of a session to the log', async () => {
    const id = random.id();
    const region = machine.region('1');
    const server = `/v1/servers/${machine.serverId('1')}`;
    await machine.claim('1', id);
    await region.until(isLive);
    await post(`${server}/hold`, '{"timeout":"1h"}');
    await region.until(({ context }) => context.heldUntil !== null);
    await fetch(`${machine.url}${server}/hold`, { method: 'DELETE' });
    await region.until(({ context }) => context.heldUntil === null);
    await post(`${server}/players`, '{"count":3}');
    await region.until(({ context }) => context.allocation?.idleUntil === null);
    await post(`${server}/players`, '{"count":0}');
    await region.until(({ value }) => JSON.stringify(value) === '{"allocated":"idle"}');
    expect((await post(`${server}/done`)).status).toBe(204);
    await region.until(isWarm);
    expect(region.events.slice(-7)).toEqual([
      'CallbackAcked',
      'HoldSet',
      'HoldSet',
      'WentActive',
      'WentIdle',
      'DeallocationRequested',
      'SlotCleared',
    ]);
  });

  it('says why a reservation is not possible', async () => {
    const response = await post(`/v1/servers/${machine.serverId('1')}/reservations`, '{}');
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ detail: 'no allocator is running: ask again' });
    const taken = await post(`/v1/servers/${machine.serverId('2')}/reservations`, '{}');
    expect(taken.status).toBe(409);
    expect(await taken.json()).toMatchObject({ detail: expect.stringContaining('"other-2"') });
  });

  it.each([
    ['this version', () => machine.serveRequests()],
    ['version 0.2', () => machine.serveFormerRequests()],
  ])('reserves its slot for a game that asks for it, by allocators of %s', async (_, serve) => {
    serve();
    const path = `/v1/servers/${machine.serverId('1')}/reservations`;
    const client = await TestClient.following(machine.url, machine.serverId('1'));
    const response = await post(path, '{}');
    const { reservationId: id, ...reserved } = (await response.json()) as Record<string, string>;
    expect([response.status, reserved['ipv4']]).toEqual([200, '127.0.0.1']);
    await client.until(() => client.events.length === 1);
    expect(client.events[0]).toMatchObject({ AllocationID: id });
    const again = await post(path, '{}');
    expect(again.status).toBe(409);
    expect(await again.json()).toMatchObject({
      detail: `this server is reserved already, by allocation "${id}"`,
    });
    const released = await fetch(machine.url + path, { method: 'DELETE' });
    expect(released.status).toBe(204);
    await machine.region('1').until(isWarm);
    expect(eventsOf(client)).toEqual([`AllocateEventType ${id}`, `DeallocateEventType ${id}`]);
  });

  it('announces the running sessions when the agent is back', async () => {
    await machine.stop();
    await machine.start();
    const client = await TestClient.following(machine.url, machine.serverId('2'));
    await client.until(() => client.events.length === 1);
    expect(eventsOf(client)).toEqual(['AllocateEventType other-2']);
    const token = await fetch(`${machine.url}/payload/other-2`);
    expect(await token.json()).toEqual({});
  });

  /** Says "ready" as the Go SDK does in even rounds, and as Unity's SDK does in odd ones. */
  async function sayReady(round: number, serverId: string, id: string): Promise<number> {
    if (round % 2) {
      return (await post(`/v1/server/${serverId}/allocation/${id}/ready-for-players`)).status;
    }
    const path = `/v1/servers/${serverId}/allocations/${id}`;
    const body = new Blob(['{"ready":true}']);
    return (await fetch(machine.url + path, { method: 'PATCH', body })).status;
  }
});

describe('a game that uses plain HTTP', () => {
  let machine: TestMachine;

  beforeAll(async () => {
    machine = await TestMachine.create(await freePort(), TEST_GAME + SPEAKING_GAME);
    await machine.open();
  }, 60_000);

  afterAll(() => machine.dispose());

  it('finds its daemon, reports that it is ready, and learns of the end before it is stopped', async () => {
    const region = machine.region('1');
    await machine.claim('1', 'match-1', { mode: 'ctf' }, true);
    await region.until(isLive);
    await region.until(({ context }) => context.allocation?.idleUntil === null);
    await region.deallocate('match-1');
    await region.until(isWarm);
    expect(JSON.parse(machine.read('1', 'heard'))).toMatchObject([
      { allocationId: 'match-1', payload: { mode: 'ctf' }, token: expect.any(String) },
      { allocationId: 'match-1' },
    ]);
  });
});
