import { JsonText } from '#json';
import { EndpointServer, hear } from '#rpc';
import { createLogger } from '#service-runtime';
import { endpoints } from '#wire';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Allocator } from '../../../../allocator/src/allocator.js';
import { TestRegion } from '../../../../allocator/test/support/region.js';
import { NOT_RECEIVED } from './give-back.js';
import { TestGateway } from '../../../test/support/gateway.js';

let gateway: TestGateway;
let region: TestRegion;
let allocator: Allocator;
let cancelled: unknown[];
/** Called each time a cancellation is heard. */
let heard: () => void;

beforeEach(async () => {
  gateway = await TestGateway.start({ BERTH_REGIONS: 'eu', GAMEFABRIC_FLEETS: '*' });
  region = new TestRegion();
  allocator = await region.startAllocator({ bus: gateway.bus });
  const logger = createLogger('test', 'silent');
  allocator.serve(new EndpointServer(gateway.bus, { clock: region.clock, logger }));
  cancelled = [];
  heard = () => undefined;
  hear(
    gateway.bus,
    endpoints.cancel,
    { region: 'eu' },
    ({ allocationId }) => {
      cancelled.push(allocationId);
      heard();
    },
    { clock: region.clock, logger },
  );
  await region.own('1');
});
afterEach(async () => {
  region.close();
  await gateway.close();
});

const ask = (allocationId: string, waitMs = 0) =>
  gateway.post('/v1/allocations', { region: 'eu', allocationId, waitMs });

/** Asks on its own connection, and leaves the answer unread. */
async function askOnSocket(
  path: string,
  allocationId: string | null,
  waitMs = 60_000,
): Promise<Socket> {
  const socket = connect(gateway.port, '127.0.0.1');
  await once(socket, 'connect');
  const fields = path === '/allocate' ? { region: 'eu' } : { region: 'eu', waitMs };
  const body = JSON.stringify(fields);
  socket.write(
    `POST ${path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n` +
      (allocationId === null ? '' : `idempotency-key: ${allocationId}\r\n`) +
      `content-length: ${body.length}\r\n\r\n${body}`,
  );
  return socket;
}

async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await new Promise((resolve) => setImmediate(resolve));
}

const ends = async () =>
  (await region.events('1')).filter(({ type }) => type === 'DeallocationRequested');

const cancellation = () => new Promise<void>((resolve) => (heard = resolve));

describe('A requester that disconnects', () => {
  it('frees its place in the queue, and the next is served', async () => {
    expect((await ask('first')).status).toBe(201);
    const gone = await askOnSocket('/v1/allocations', 'gone');
    await until(() => allocator.waiting === 1);
    const next = ask('next', 60_000);
    await until(() => allocator.waiting === 2);
    gone.destroy();
    await until(() => allocator.waiting === 1);
    const reason = 'over';
    await allocator.deallocations.deallocate({
      allocationId: 'first',
      region: 'eu',
      reason,
      by: 'test',
    });
    expect((await next).status).toBe(201);
    expect(await region.claims()).toEqual(['first', 'next']);
    expect(cancelled).toEqual(['gone']);
  });

  it.each(['/v1/allocations', '/allocate'])(
    'keeps what was claimed for it by POST %s, and gets it when it asks again',
    async (path) => {
      region.answers = { 1: null };
      const gone = await askOnSocket(path, 'match-1', 0);
      await until(async () => (await region.claims()).length === 1);
      const told = cancellation();
      gone.destroy();
      await told;
      const again = ask('match-1');
      region.agent.answers = {};
      const callback = { outcome: 'acked', answer: JsonText.null, token: 'secret' } as const;
      const session = { fence: 1, callback, players: null, exit: null, crashes: 0 };
      await region.report('1', 0, { session });
      expect((await again).body).toMatchObject({ allocationId: 'match-1', slot: 'eu.m.1' });
      expect(await region.claims()).toEqual(['match-1']);
    },
  );

  it.each(['/v1/allocations', '/allocate'])(
    'loses what was claimed for it by POST %s if it knows no id, and the log says why',
    async (path) => {
      region.answers = { 1: null };
      const gone = await askOnSocket(path, null, 0);
      await until(async () => (await region.claims()).length === 1);
      const told = cancellation();
      gone.destroy();
      await told;
      const callback = { outcome: 'acked', answer: JsonText.null, token: 'secret' } as const;
      const session = { fence: 1, callback, players: null, exit: null, crashes: 0 };
      await region.report('1', 0, { session });
      await until(async () => (await ends()).length === 1);
      expect(await ends()).toMatchObject([{ by: 'berth/gateway', reason: NOT_RECEIVED }]);
    },
  );

  it('takes no place from a request with the same id on another connection', async () => {
    expect((await ask('first')).status).toBe(201);
    const sockets = [
      await askOnSocket('/v1/allocations', 'match-1'),
      await askOnSocket('/v1/allocations', 'match-1'),
    ];
    let asked = 0;
    gateway.bus.subscribe(endpoints.allocate.subject.of({ region: 'eu' }), () => (asked += 1));
    await until(() => allocator.waiting === 1);
    const third = ask('match-1', 60_000);
    await until(() => asked > 0);
    for (const socket of sockets) socket.destroy();
    await allocator.deallocations.deallocate({
      allocationId: 'first',
      region: 'eu',
      reason: '',
      by: 'test',
    });
    expect((await third).status).toBe(201);
    expect(cancelled).toEqual([]);
  });

  it('does not count as gone once it has been answered', async () => {
    expect((await ask('first')).status).toBe(201);
    const gone = await askOnSocket('/v1/allocations', 'gone');
    await until(() => allocator.waiting === 1);
    gone.destroy();
    await until(() => cancelled.length > 0);
    expect(cancelled).toEqual(['gone']);
  });
});
