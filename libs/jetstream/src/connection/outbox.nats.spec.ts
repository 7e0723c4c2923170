import { startNatsServer, type NatsServer } from '#nats-server';
import type { NatsConnection } from '@nats-io/transport-node';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NatsBus } from './bus.js';
import { connectNats } from './connect.js';

const text = (body: Uint8Array) => new TextDecoder().decode(body);
const bytes = (body: string) => new TextEncoder().encode(body);

let folder: string;
let server: NatsServer;
let connections: NatsConnection[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'berth-outbox-'));
  server = await startNatsServer({ dataDirectory: folder });
  connections = [];
});
afterEach(async () => {
  await Promise.all(connections.map((connection) => connection.close()));
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

async function connected(name: string): Promise<NatsConnection> {
  const connection = await connectNats({ servers: server.url, name });
  connections.push(connection);
  return connection;
}

/** What a listener hears, in this order. */
async function heard(): Promise<{ readonly bodies: string[]; readonly listener: NatsConnection }> {
  const listener = await connected('listener');
  const bodies: string[] = [];
  new NatsBus(listener).subscribe('news', ({ body }) => bodies.push(text(body)));
  await listener.flush();
  return { bodies, listener };
}

describe('What a process sends in one turn', () => {
  it('leaves in one write, in its order', async () => {
    const { bodies, listener } = await heard();
    const connection = await connected('sender');
    const bus = new NatsBus(connection);
    const write = jest.spyOn(Socket.prototype, 'write');
    try {
      for (const body of ['1', '2', '3']) {
        await Promise.resolve();
        bus.publish('news', bytes(body));
      }
      expect(write).not.toHaveBeenCalled();
      await new Promise((resolve) => setImmediate(resolve));
      expect(write).toHaveBeenCalledTimes(1);
    } finally {
      write.mockRestore();
    }
    await connection.flush();
    await listener.flush();
    expect(bodies).toEqual(['1', '2', '3']);
  });

  it.each(['flush', 'drain', 'close'] as const)('leaves before a %s', async (way) => {
    const { bodies, listener } = await heard();
    const connection = await connected('sender');
    new NatsBus(connection).publish('news', bytes('last words'));
    await connection[way]();
    // The server may read what the listener sends before what the sender has sent.
    for (let tries = 0; tries < 100 && bodies.length === 0; tries += 1) await listener.flush();
    expect(bodies).toEqual(['last words']);
  });

  it('is refused at once if it is too large, and the rest leaves', async () => {
    const { bodies, listener } = await heard();
    const connection = await connected('sender');
    const bus = new NatsBus(connection);
    const answered = new Promise<void>((resolve) => {
      bus.subscribe('questions', (question) => {
        expect(() => question.respond(new Uint8Array(9_000_000))).toThrow('more than nats-server');
        question.respond(bytes('too much'));
        resolve();
      });
    });
    await connection.flush();
    bus.publish('news', bytes('1'));
    expect(() => bus.publish('news', new Uint8Array(9_000_000))).toThrow('more than nats-server');
    bus.publish('news', bytes('2'));
    expect(text(await new NatsBus(listener).request('questions', bytes(''), 5_000))).toBe(
      'too much',
    );
    await answered;
    expect(bodies).toEqual(['1', '2']);
  });
});
