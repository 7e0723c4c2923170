import { startNatsServer, type NatsServer } from '#nats-server';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { headers, type Msg, type NatsConnection } from '@nats-io/transport-node';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectNats } from '../connection/connect.js';
import { headersOf } from './headers.js';

let folder: string;
let server: NatsServer;
let connection: NatsConnection;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'berth-headers-'));
  server = await startNatsServer({ dataDirectory: folder });
  connection = await connectNats({ servers: server.url, name: 'test' });
});
afterAll(async () => {
  await connection.close();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

async function received(body: string, named: Readonly<Record<string, string>>): Promise<Msg> {
  const said = headers();
  for (const [name, value] of Object.entries(named)) said.set(name, value);
  const came = new Promise<Msg>((resolve) => {
    connection.subscribe('slot.a', { max: 1, callback: (_, message) => resolve(message) });
  });
  const options = { reply: 'answer.here', ...(Object.keys(named).length > 0 && { headers: said }) };
  connection.publish('slot.a', body, options);
  return came;
}

/** A message of which nats.js must parse nothing. */
const UNPARSED = {
  get headers(): never {
    throw new Error('nats.js was asked');
  },
};

describe('Headers of a message', () => {
  it.each([
    ['{}', { 'Nats-Msg-Id': 'match-1', 'Nats-Expected-Last-Subject-Sequence': '12' }],
    ['', { 'Nats-Msg-Id': ' ünï:code ', Other: 'Nats-Msg-Id: 5' }],
    ['\r\n\r\n', { 'X-Nats-Msg-Id': '1', Other: 'NATS/1.0' }],
  ])('are read before %j as nats.js reads them', async (body, named) => {
    const { data, headers: theirs } = await received(body, named);
    const ours = headersOf(data, UNPARSED);
    for (const name of ['Nats-Msg-Id', 'Nats-Expected-Last-Subject-Sequence', 'Other']) {
      expect(ours(name)).toBe(theirs?.get(name));
    }
  });

  it('are none where it has none, also behind one that has some', async () => {
    await received('{}', { 'Nats-Msg-Id': '1' });
    const none = await received('{}', {});
    expect(headersOf(none.data, none)('Nats-Msg-Id')).toBe('');
  });

  it('are asked of nats.js where they are longer, or not before the body', async () => {
    const long = await received('{}', { Long: 'x'.repeat(600), Short: '1' });
    expect(headersOf(long.data, long)('Short')).toBe('1');
    expect(headersOf(long.data.slice(), long)('Long')).toBe('x'.repeat(600));
  });
});
