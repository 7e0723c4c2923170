import { afterEach, describe, expect, it } from '@jest/globals';
import {
  challenging,
  compressed,
  counts,
  everyExtra,
  goldSourceInfo,
  plain,
  sourceInfo,
  split,
} from '../test/support/a2s-servers.js';
import { sqpAnswer, sqpServer } from '../test/support/sqp-servers.js';
import { UdpServer, type Responder, type UdpServerOptions } from '../test/support/udp-server.js';
import { QueryClient } from './client.js';
import { withoutBots } from './players.js';
import type { QueryOutcome, QueryProtocol } from './question.js';

const servers: UdpServer[] = [];

const later = (delayMs: number, action: () => void) => {
  const timer = setTimeout(action, delayMs);
  return () => clearTimeout(timer);
};

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function open(responder: Responder, options?: UdpServerOptions): Promise<UdpServer> {
  const server = await UdpServer.open(responder, options);
  servers.push(server);
  return server;
}

const ask = (
  protocol: QueryProtocol,
  port: number,
  withinMs = 5_000,
  host = '127.0.0.1',
): Promise<QueryOutcome> => new QueryClient(later).ask({ protocol, host, port, withinMs });

const answered = (players = counts): QueryOutcome => ({ kind: 'answered', players });
const three = { players: 3, playersMax: 16 };
const info = sourceInfo(counts);

/** A server that does not receive the packets with these numbers (from 1). */
function losing(numbers: readonly number[], responder: Responder): Responder {
  let number = 0;
  return (packet, client) => {
    number += 1;
    return numbers.includes(number) ? [] : responder(packet, client);
  };
}

/** A server whose answers to the queries with these numbers (from 1) get lost. */
function swallowing(numbers: readonly number[], responder: Responder): Responder {
  let queries = 0;
  return (packet, client) => {
    const answer = responder(packet, client);
    queries += packet[0] === 1 ? 1 : 0;
    return packet[0] === 1 && numbers.includes(queries) ? [] : answer;
  };
}

describe('An A2S server', () => {
  it.each<[string, Responder, UdpServerOptions?]>([
    ['that answers at once', plain(info)],
    ['that challenges first', challenging(1, info)],
    ['that challenges twice', challenging(2, info)],
    ['with every extra', challenging(1, sourceInfo(counts, 'Harbour', everyExtra))],
    ['that cuts its extras off', plain(sourceInfo(counts, 'H', everyExtra.subarray(0, 3)))],
    [
      'whose name is in Latin-1',
      plain(Buffer.from(info.toString('latin1').replace('H', '\xe4'), 'latin1')),
    ],
    ['with a packet of 40,000 bytes', plain(sourceInfo(counts, 'x'.repeat(40_000)))],
    ['of the GoldSource engine', plain(goldSourceInfo(counts))],
    ['of the GoldSource engine with a mod', plain(goldSourceInfo(counts, true))],
    ['that answers in both forms', plain(goldSourceInfo(counts), info)],
    ['that splits as Source does', challenging(1, ...split('source', info, 20))],
    ['that splits as Source did early', plain(...split('early source', info, 20))],
    ['that splits as GoldSource does', plain(...split('goldsource', goldSourceInfo(counts), 30))],
    ['whose parts come in another order', plain(...[...split('source', info, 20)].reverse())],
    ['that listens on one address only', challenging(1, info), { host: '127.0.0.2' }],
    ['that listens on an IPv6 address', challenging(1, info), { host: '::1' }],
    ['that listens on all IPv6 addresses', challenging(1, info), { host: '::' }],
    ['that answers from another port', plain(info), { answersFrom: '127.0.0.1' }],
    ['that answers from another address', challenging(1, info), { answersFrom: '127.0.0.3' }],
    ['that sends something else before', plain(Buffer.from('hello'), Buffer.alloc(0), info)],
  ])('%s is understood', async (_, responder, options = {}) => {
    const { port } = await open(responder, options);
    const host = options.host === '::' ? '::1' : options.host;
    expect(await ask('a2s', port, 5_000, host)).toEqual(answered());
  });

  it('that is queried at all addresses of both families answers each', async () => {
    const { port } = await open(challenging(1, info), { host: '::' });
    expect(await ask('a2s', port, 5_000, '127.0.0.1')).toEqual(answered());
    expect(await ask('a2s', port, 5_000, '0:0:0:0:0:0:0:1')).toEqual(answered());
  });

  it('that loses a packet or a part is queried again', async () => {
    const first = await open(losing([1], challenging(1, info)));
    expect(await ask('a2s', first.port, 400)).toEqual(answered());
    const second = await open(losing([2], challenging(1, info)));
    expect(await ask('a2s', second.port, 400)).toEqual(answered());
    let id = 0;
    const third = await open((packet, client) => {
      const parts = split('source', info, 30, (id += 1));
      return plain(...parts.slice(id === 1 ? 1 : 0))(packet, client);
    });
    expect(await ask('a2s', third.port, 400)).toEqual(answered());
  });

  it('that counts bots among its players gets the bots subtracted', async () => {
    const { port } = await open(plain(sourceInfo({ players: 5, playersMax: 16, bots: 4 })));
    const outcome = await ask('a2s', port);
    expect(outcome).toEqual(answered({ players: 5, playersMax: 16, bots: 4 }));
    expect(outcome.kind === 'answered' && withoutBots(outcome.players)).toBe(1);
    expect(withoutBots({ players: 5, playersMax: 16, bots: 5 })).toBe(0);
    expect(withoutBots({ players: 2, playersMax: 16, bots: 5 })).toBe(2);
  });

  it.each<[string, Responder, RegExp]>([
    ['compresses', plain(...compressed), /^the answer is compressed with bzip2/],
    ['breaks its answer off', plain(info.subarray(0, 20)), /^the answer holds a text without/],
    ['says something else', plain(Buffer.from('hello')), /^the answer is no packet of A2S$/],
    ['says nothing in a packet', plain(Buffer.alloc(0)), /^the answer ends 4 bytes too early$/],
    ['challenges for ever', challenging(Infinity), /^the answer is one challenge after the other$/],
    ['sends one part of two', plain(split('source', info, 40)[0]!), /^the answer misses some of/],
    [
      'sends on and on',
      plain(...Array.from({ length: 200 }, () => info.subarray(0, 9))),
      /without/,
    ],
  ])('that %s is alive, but not understood', async (_, responder, reason) => {
    const { port } = await open(responder);
    expect(await ask('a2s', port, 300)).toEqual({
      kind: 'not-understood',
      reason: expect.stringMatching(reason),
    });
  });
});

describe('An SQP server', () => {
  it.each<[string, Responder, UdpServerOptions?]>([
    ['that takes a challenge for a while', sqpServer(three)],
    ['that takes a challenge once', sqpServer(three, { once: true })],
    ['that answers in several packets', sqpServer(three, { bytes: 9 })],
    ['whose packets come in another order', sqpServer(three, { bytes: 9, isReversed: true })],
    ['that leaves its texts out', sqpServer(three, { isWithoutTexts: true })],
    ['that listens on an IPv6 address', sqpServer(three), { host: '::1' }],
    ['that answers from another port', sqpServer(three), { answersFrom: '127.0.0.1' }],
  ])('%s is understood', async (_, responder, options = {}) => {
    const { port } = await open(responder, options);
    expect(await ask('sqp', port, 5_000, options.host)).toEqual(answered());
  });

  it('that accepts a challenge once, and whose answer is lost, is asked for a new challenge', async () => {
    const server = await open(swallowing([1], sqpServer(three, { once: true })));
    expect(await ask('sqp', server.port, 400)).toEqual(answered());
    expect(server.heard.map((packet) => packet[0])).toEqual([0, 1, 0, 1]);
    const [one, other] = server.heard.filter((packet) => packet[0] === 1);
    expect(one).not.toEqual(other);
  });

  it('that is slow is understood, even if it was asked again meanwhile', async () => {
    const server = await open(sqpServer(three, { once: true }), { delayMs: 200 });
    expect(await ask('sqp', server.port, 600)).toEqual(answered());
    expect(server.heard.map((packet) => packet[0])).toEqual([0, 1, 0]);
  });

  it.each<[string, Responder, RegExp]>([
    [
      'gives a challenge and no answer',
      swallowing([1, 2], sqpServer(three)),
      /^the answer is a challenge alone$/,
    ],
    ['answers another challenge', () => sqpAnswer(8, three), /^the answer answers another/],
    ['speaks A2S', () => [info], /^the answer is no packet of SQP, for it begins with 255$/],
  ])('that %s is alive, but not understood', async (_, responder, reason) => {
    const { port } = await open(responder);
    expect(await ask('sqp', port, 100)).toEqual({
      kind: 'not-understood',
      reason: expect.stringMatching(reason),
    });
  });
});

describe('A query client', () => {
  it('gets no answer if nothing answers or listens', async () => {
    const silent: QueryOutcome = { kind: 'silent', reason: 'no answer in 50 ms' };
    const server = await UdpServer.open(() => []);
    expect(await ask('sqp', server.port, 50)).toEqual(silent);
    const { port } = server;
    server.close();
    expect(await ask('sqp', port, 50)).toEqual(silent);
  });

  it('says so if it could not send the query', async () => {
    expect(await ask('a2s', 7_000, 50, 'localhost')).toEqual({
      kind: 'not-asked',
      reason: 'localhost is no IP address',
    });
    expect(await ask('a2s', 7_000, 50, '255.255.255.255')).toEqual({
      kind: 'not-asked',
      reason: 'cannot be asked: EACCES',
    });
  });

  it('queries many servers at once', async () => {
    const client = new QueryClient(later);
    const counted = Array.from({ length: 20 }, (_, players) => ({ players, playersMax: 99 }));
    const outcomes = await Promise.all(
      counted.map(async (one) => {
        const { port } = await open(sqpServer(one));
        return client.ask({ protocol: 'sqp', host: '127.0.0.1', port, withinMs: 5_000 });
      }),
    );
    expect(outcomes).toEqual(counted.map((one) => answered({ ...one, bots: 0 })));
  });

  it('cancels running queries when it is closed', async () => {
    const { port } = await open(() => []);
    const client = new QueryClient(later);
    const outcome = client.ask({ protocol: 'sqp', host: '127.0.0.1', port, withinMs: 60_000 });
    client.close();
    expect(await outcome).toMatchObject({ kind: 'not-asked' });
  });
});
