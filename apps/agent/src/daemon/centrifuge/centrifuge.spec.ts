import { ManualClock } from '#memory';
import { createLogger, SystemRandom } from '#service-runtime';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Daemon } from '../daemon.js';
import { daemonLimits } from '../limits.js';
import { TestClient } from '../../../test/support/client.js';
import { TestSlots } from '../../../test/support/slots.js';

const MATCH = '1a04a1ac-6b2c-4c0e-9f4a-0d9f1c2b3a4d';
const subscribe = (id: number, server = '12345') =>
  JSON.stringify({ id, method: 1, params: { channel: `server#${server}` } });

describe('the websocket', () => {
  let slots: TestSlots;
  let clock: ManualClock;
  let daemon: Daemon;

  beforeEach(async () => {
    slots = new TestSlots('12345', '67890');
    clock = new ManualClock();
    const limits = { ...daemonLimits, subscriptionsMax: 1, connectionsMax: 4 };
    const logger = createLogger('agent', 'silent');
    const random = new SystemRandom();
    const deps = { slots, clock, random, logger, agent: 'pier', limits };
    daemon = await Daemon.open(deps, { host: '127.0.0.1', port: 0 });
  });

  afterEach(() => daemon.close());

  const slot = () => slots.slots[0]!;
  const open = () => TestClient.open(daemon.url);
  const following = (...ids: string[]) => TestClient.following(daemon.url, ...ids);

  it('welcomes a client that leaves the method out', async () => {
    const client = await open();
    client.send('{"id":1}');
    expect(await client.reply(1)).toEqual({
      id: 1,
      result: { client: expect.any(String), version: expect.any(String) },
    });
  });

  it('accepts a subscription as Unity sends it, and answers pings', async () => {
    const client = await open();
    await client.command({ method: 0, params: { token: 'TestToken', subs: {} } });
    const params = { channel: 'server#12345', token: 'TestToken' };
    expect(await client.command({ method: 1, params })).toEqual({ id: 2, result: {} });
    expect(await client.command({ method: 7 })).toEqual({ id: 3, result: {} });
  });

  it('reads several commands in one frame, in order', async () => {
    const client = await open();
    client.send(`{"id":1,"params":{}}\n${subscribe(2)}\n{"id":3,"method":7}\n`);
    await client.reply(3);
    expect(client.messages.map(({ id }) => id)).toEqual([1, 2, 3]);
  });

  it('pushes the bare event, without id and type', async () => {
    const client = await following('12345');
    slot().allocate(MATCH);
    await client.until(() => client.events.length === 1);
    expect(client.messages.at(-1)).toEqual({
      result: {
        channel: 'server#12345',
        data: {
          data: {
            EventType: 'AllocateEventType',
            EventID: expect.stringMatching(/^[0-9a-f-]{36}$/),
            ServerID: 12345,
            AllocationID: MATCH,
          },
        },
      },
    });
  });

  it('sends a late client the running session, after the reply to it', async () => {
    slot().allocate(MATCH);
    const client = await following('12345');
    await client.until(() => client.events.length === 1);
    expect(client.messages.map(({ id }) => id)).toEqual([1, 2, undefined]);
    expect(client.events[0]).toMatchObject({ AllocationID: MATCH });
  });

  it('sends a client that subscribes again the same event again', async () => {
    const client = await following('12345');
    slot().allocate(MATCH);
    client.send(subscribe(9));
    await client.until(() => client.events.length === 2);
    expect(client.events[0]).toEqual(client.events[1]);
    slot().deallocate();
    await client.until(() => client.events.length === 3);
    expect(client.events[2]).toMatchObject({ EventType: 'DeallocateEventType' });
  });

  it('ends one session before the next begins, even if both are announced at once', async () => {
    const client = await following('12345');
    slot().allocate(MATCH);
    slot().allocate('match-2');
    await client.until(() => client.events.length === 3);
    expect(client.events.map(({ EventType, AllocationID }) => [EventType, AllocationID])).toEqual([
      ['AllocateEventType', MATCH],
      ['DeallocateEventType', MATCH],
      ['AllocateEventType', 'match-2'],
    ]);
  });

  it('sends nothing about other servers, and nothing after an unsubscription', async () => {
    const client = await following('12345');
    slots.slots[1]?.allocate('match-2');
    await client.command({ method: 2, params: { channel: 'server#12345' } });
    slot().allocate(MATCH);
    await client.command({ method: 7 });
    expect(client.events).toEqual([]);
  });

  it.each([
    ['a server that does not exist here', subscribe(2, '999'), 102],
    ['a channel of another kind', '{"id":2,"method":1,"params":{"channel":"chat"}}', 102],
    ['a subscription to nothing', '{"id":2,"method":1}', 107],
    ['an unknown method', '{"id":2,"method":9,"params":{}}', 104],
  ])('answers %s with an error, and stays open', async (_, command, code) => {
    const client = await following();
    client.send(command);
    expect((await client.reply(2)).error?.code).toBe(code);
    client.send(subscribe(3));
    expect(await client.reply(3)).toEqual({ id: 3, result: {} });
  });

  it('requires CONNECT first, and no more subscriptions than allowed', async () => {
    const client = await open();
    client.send(subscribe(8));
    expect((await client.reply(8)).error?.code).toBe(101);
    const other = await following('12345');
    other.send(subscribe(9, '67890'));
    expect((await other.reply(9)).error?.code).toBe(106);
  });

  it.each(['garbage', '[]', '7', '{"id":"one"}', '{"method":1}', '{"id":1}\n{'])(
    'closes on %s, and tells the client not to reconnect',
    async (frame) => {
      const client = await open();
      client.send(frame);
      const { code, reason } = await client.closed;
      expect([code, JSON.parse(reason)]).toEqual([
        3003,
        { reason: 'bad request', reconnect: false },
      ]);
    },
  );

  it('disconnects a client whose frame is too long', async () => {
    const client = await open();
    client.send('x'.repeat(daemonLimits.messageBytesMax + 1));
    expect((await client.closed).code).toBe(1009);
  });

  it('disconnects a client that does not read, and serves the others', async () => {
    const slow = await following('12345');
    const pings = '{"id":7,"method":7}\n'.repeat(3_000);
    slow.socket.pause();
    const write = () => new Promise((resolve) => slow.socket.send(pings, resolve));
    while (!(await write()));
    const other = await following('12345');
    slot().allocate(MATCH);
    await other.until(() => other.events.length === 1);
    slow.socket.resume();
    expect((await slow.closed).code).toBe(1006);
  });

  it('refuses a client when it is full', async () => {
    for (let count = 0; count < 4; count += 1) await following();
    await expect(open()).rejects.toThrow('socket hang up');
  });

  it('disconnects a silent client, and keeps one that answers pings', async () => {
    const mute = await open();
    clock.advance(daemonLimits.connectMs);
    expect((await mute.closed).code).toBe(3007);
    const client = await following();
    const pinged = new Promise<void>((resolve) => client.socket.once('ping', () => resolve()));
    clock.advance(daemonLimits.connectMs);
    await pinged;
    clock.advance(daemonLimits.silentMs);
    expect((await client.closed).code).toBe(3007);
  });

  it('asks clients to reconnect when it closes', async () => {
    const client = await following('12345');
    await daemon.close();
    const { code, reason } = await client.closed;
    expect([code, JSON.parse(reason)]).toEqual([3001, { reason: 'shutdown', reconnect: true }]);
  });
});
