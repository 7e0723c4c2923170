import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { TestDoor } from '../../test/support/door.js';
import { bearer } from '../../test/support/tokens.js';
import { counted, proxiesIn } from './address.js';

/** How soon a connection too many is closed, on a loaded computer (ms). */
const CLOSED_MS = 2_000;

const SECRET = 'chosen-by-a-person';
const WRONG = `berth_000000000000_${'A'.repeat(43)}`;

let door: TestDoor;
const sockets: Socket[] = [];
beforeEach(async () => void (door = await TestDoor.create()));
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await door.close();
});

function opened(allowHalfOpen = true): Socket {
  const socket = connect({ port: door.gateway.port, host: '127.0.0.1', allowHalfOpen });
  socket.on('error', () => undefined);
  sockets.push(socket);
  return socket;
}

const closed = (socket: Socket) => new Promise((resolve) => socket.once('close', resolve));

/** Sends the head of a request, then as much of its body as is taken within `ms`. */
async function sent(head: readonly string[], ms = 500) {
  const socket = opened();
  let answer = '';
  socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
  socket.write(
    `${['POST /v1/allocations HTTP/1.1', 'host: localhost', ...head].join('\r\n')}\r\n\r\n`,
  );
  const chunk = Buffer.alloc(64 * 1024, ' ');
  const more = () => {
    while (socket.writable && socket.write(chunk));
  };
  socket.on('drain', more);
  await once(socket, 'data');
  more();
  await Promise.race([closed(socket), new Promise((resolve) => setTimeout(resolve, ms))]);
  const bytesWritten = socket.bytesWritten - socket.writableLength;
  const isOpen = !socket.closed;
  door.clock.advance(1_000);
  if (isOpen) await closed(socket);
  return { answer, bytesWritten, isOpen };
}

describe('Connections', () => {
  /** Whether the gateway closes one more, as it does at once. `fetch` may hang, or open another. */
  const closesOneMore = () =>
    Promise.race([closed(opened(false).resume()).then(() => true), sleep(CLOSED_MS, false)]);

  it('of one address are limited, and those too many are closed', async () => {
    await door.start({ HTTP_ADDRESS_CONNECTIONS_MAX: '3' });
    const held = [opened(), opened(), opened()];
    await Promise.all(held.map((socket) => once(socket, 'connect')));
    expect(await closesOneMore()).toBe(true);
    held[0]?.destroy();
    while (await closesOneMore());
  });

  it('of a proxy are limited in total alone', async () => {
    await door.start({ HTTP_ADDRESS_CONNECTIONS_MAX: '1', HTTP_PROXIES: '127.0.0.0/8' });
    await Promise.all([opened(), opened()].map((socket) => once(socket, 'connect')));
    expect((await door.gateway.fetch('/healthz')).status).toBe(200);
  });

  it('are limited in total', async () => {
    await door.start({ HTTP_CONNECTIONS_MAX: '2' });
    await Promise.all([opened(), opened()].map((socket) => once(socket, 'connect')));
    expect(await closesOneMore()).toBe(true);
  });
});

describe('Failed authentications of one address', () => {
  const status = async (token: string, from = '192.0.2.1') =>
    (await door.allocate({ ...bearer(token), 'x-forwarded-for': from })).status;
  const settings = {
    BERTH_FAILURE_RATE: '1/3',
    GAMEFABRIC_ALLOCATOR_TOKENS: SECRET,
    HTTP_PROXIES: '127.0.0.0/8',
  };
  const fail = async () => {
    for (let i = 0; i < 3; i += 1) expect(await status(WRONG)).toBe(401);
  };

  it('are limited: further ones are answered 429, until the rate allows one again', async () => {
    await door.start(settings);
    await fail();
    const { headers, body } = await door.allocate({ 'x-forwarded-for': '192.0.2.1' });
    expect(body).toMatchObject({ status: 429, code: 'too-many-failures' });
    expect(headers.get('retry-after')).toBe('1');
    expect(await status(WRONG, '192.0.2.2')).toBe(401);
    door.clock.advance(1_000);
    expect(await status(WRONG)).toBe(401);
  });

  it('do not lock out who has a token', async () => {
    const token = await door.tokens.add(['allocate']);
    await door.start(settings);
    await fail();
    expect(await status(token)).toBe(201);
  });

  it('keep secrets that people chose from being guessed, but not from being used', async () => {
    await door.start(settings);
    expect(await status(SECRET, '192.0.2.9')).toBe(201);
    await fail();
    expect(await status(SECRET)).toBe(429);
    door.clock.advance(1_000);
    expect(await status(SECRET)).toBe(201);
    expect(await status(WRONG)).toBe(401);
    expect(await status(SECRET)).toBe(201);
  });

  it('by what a client says of itself are not counted for others', async () => {
    await door.start({ ...settings, HTTP_PROXIES: '' });
    for (let i = 0; i < 3; i += 1) expect(await status(WRONG, `192.0.2.${i}`)).toBe(401);
    expect(await status(WRONG, '192.0.2.9')).toBe(429);
  });
});

describe('The body of a refused request', () => {
  const BIG = ['content-length: 1000000000'];

  it.each([
    ['without a token', [], 401],
    ['with a scope too few', ['observe'], 403],
    ['too often', ['allocate'], 429],
  ] as const)('%s is not read', async (_, scopes, status) => {
    const token = await door.tokens.add(scopes.length === 0 ? ['audit'] : scopes, {
      ...(status === 429 && { rate: { qps: 0.001, burst: 1 } }),
    });
    await door.start();
    if (status === 429) await door.allocate(bearer(token));
    const authorization = scopes.length === 0 ? [] : [`authorization: Bearer ${token}`];
    const { answer, bytesWritten, isOpen } = await sent([...BIG, ...authorization]);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer.toLowerCase()).toContain('connection: close');
    // What the kernel's buffers of both sides hold, and nothing more.
    expect(bytesWritten).toBeLessThan(20_000_000);
    expect(isOpen).toBe(true);
  });

  it('without a length, or to a path that leads nowhere, is not read', async () => {
    await door.start();
    const { answer } = await sent(['transfer-encoding: chunked']);
    expect(answer).toMatch(/^HTTP\/1.1 401 /);
    expect(answer.toLowerCase()).toContain('connection: close');
    const nowhere = await door.gateway.fetch('/v1/nowhere', { method: 'POST', body: '{broken' });
    expect(nowhere.status).toBe(404);
  });

  it('is not asked for if its client waits to be told to send it', async () => {
    await door.start();
    const { answer } = await sent(['content-length: 10', 'expect: 100-continue']);
    expect(answer).toMatch(/^HTTP\/1.1 401 /);
  });

  it('is asked for once the request is let in', async () => {
    const token = await door.tokens.add(['allocate']);
    await door.start();
    const body = JSON.stringify({ region: 'local' });
    const socket = opened();
    const head = [
      'POST /v1/allocations HTTP/1.1',
      'host: localhost',
      `authorization: Bearer ${token}`,
      'content-type: application/json',
      `content-length: ${body.length}`,
      'expect: 100-continue',
    ];
    socket.write(`${head.join('\r\n')}\r\n\r\n`);
    const [first] = (await once(socket, 'data')) as [Buffer];
    expect(first.toString()).toBe('HTTP/1.1 100 Continue\r\n\r\n');
    socket.write(body);
    const [second] = (await once(socket, 'data')) as [Buffer];
    expect(second.toString()).toMatch(/^HTTP\/1.1 201 /);
  });

  it('is skipped if it is short, and the connection stays', async () => {
    await door.start();
    const answer = await door.allocate({});
    expect(answer.status).toBe(401);
    expect(answer.headers.get('connection')).not.toBe('close');
  });
});

describe('Event streams of one token', () => {
  it('are limited, and others are not affected', async () => {
    const [one, other] = [await door.tokens.add(['audit']), await door.tokens.add(['audit'])];
    await door.start({ BERTH_TOKEN_STREAMS_MAX: '2' });
    const abort = new AbortController();
    const open = (token: string) =>
      door.gateway.fetch('/v1/events', { headers: bearer(token), signal: abort.signal });
    expect((await open(one)).status).toBe(200);
    expect((await open(one)).status).toBe(200);
    const refused = await open(one);
    expect([refused.status, await refused.json()]).toMatchObject([
      429,
      { code: 'too-many-streams' },
    ]);
    expect((await open(other)).status).toBe(200);
    abort.abort();
  });
});

describe('An address', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8::6', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['1:2:3:4:5:6:7::', '1:2:3:4::/64'],
    ['', ''],
  ])('%s is counted as %s', (address, expected) => {
    expect(counted(address)).toBe(expected);
  });

  it('of a proxy is in its networks, also if it is written as IPv6', () => {
    const isProxy = proxiesIn(['10.0.0.0/8', 'fd00::/8']);
    const addresses = ['10.1.2.3', '::ffff:10.1.2.3', 'fd00::1', '11.0.0.1', 'fe80::1', ''];
    expect(addresses.map(isProxy)).toEqual([true, true, true, false, false, false]);
  });
});
