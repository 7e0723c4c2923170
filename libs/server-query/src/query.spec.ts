import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { A2sConversation, answerInfo } from './a2s.js';
import { Malformed } from './bytes.js';
import { QueryClient, Unanswered, type QueryProtocol } from './client.js';
import { answerServerInfo, SqpConversation } from './sqp.js';

const hex = (text: string) => Buffer.from(text.replace(/\s/g, ''), 'hex');
const server = {
  players: 3,
  playersMax: 16,
  name: 'Pier',
  gameType: 'ctf',
  buildId: '7',
  map: 'm',
};

describe('A conversation in SQP', () => {
  it('is: challenge, query, answer', () => {
    const talk = new SqpConversation();
    expect(talk.opening).toEqual(hex('00 00000000'));
    expect(talk.hear(hex('00 01020304'))).toEqual({
      kind: 'ask',
      packet: hex('01 01020304 0001 01'),
    });
    const answer = hex(
      '01 01020304 0001 00 00 0017 00000013 0003 0010 04 50696572 03 637466 01 37 01 6d 1b58',
    );
    expect(talk.hear(answer)).toEqual({
      kind: 'answer',
      players: { players: 3, playersMax: 16 },
    });
    expect(
      answerServerInfo(hex('01 01020304 0001 01'), 0x01020304, { ...server, port: 7000 }),
    ).toEqual(answer);
  });

  it('puts an answer together from several packets, in whatever order they come', () => {
    const talk = new SqpConversation();
    talk.hear(hex('00 00000009'));
    expect(talk.hear(hex('01 00000009 0001 01 01 0003 05 0010'))).toEqual({ kind: 'wait' });
    expect(talk.hear(hex('01 00000009 0001 01 01 0003 05 0010'))).toEqual({ kind: 'wait' });
    expect(talk.hear(hex('01 00000009 0001 00 01 0005 00000004 00'))).toEqual({
      kind: 'answer',
      players: { players: 5, playersMax: 16 },
    });
  });

  it('does not hear what answers another challenge', () => {
    const talk = new SqpConversation();
    talk.hear(hex('00 00000009'));
    expect(() => talk.hear(hex('01 00000008 0001 00 00 0000'))).toThrow('another challenge');
  });
});

describe('A conversation in A2S', () => {
  const info = { players: 3, playersMax: 16, name: 'Pier', map: 'm', game: 'g' };

  it('repeats its question with the challenge', () => {
    const talk = new A2sConversation();
    const question = hex('ffffffff 54 536f7572636520456e67696e6520517565727900');
    expect(talk.opening).toEqual(question);
    const asked = talk.hear(hex('ffffffff 41 0a0b0c0d'));
    expect(asked).toEqual({
      kind: 'ask',
      packet: Buffer.concat([question, hex('0a0b0c0d')]),
    });
    const answer = hex('ffffffff 49 11 5000 6d00 6700 6700 0000 03 10 00 64 6c 00 00 3100');
    expect(talk.hear(answer)).toEqual({ kind: 'answer', players: { players: 3, playersMax: 16 } });
  });

  it('takes an answer without a challenge', () => {
    const answer = answerInfo(new A2sConversation().opening, null, info);
    expect(new A2sConversation().hear(answer as Buffer)).toEqual({
      kind: 'answer',
      players: { players: 3, playersMax: 16 },
    });
  });

  it('ends where one challenge follows the other', () => {
    const talk = new A2sConversation();
    const again = () => talk.hear(hex('ffffffff 41 00000000'));
    expect([again(), again(), again()]).toHaveLength(3);
    expect(again).toThrow(Malformed);
  });
});

describe('Any bytes', () => {
  const starts = ['', '00', '01', '00000000 00', '01 00000000 0001', 'ffffffff 49', 'ffffffff 41'];
  const packets = fc
    .tuple(fc.constantFrom(...starts.map(hex)), fc.uint8Array({ maxLength: 64 }))
    .map(([start, rest]) => Buffer.concat([start, rest]));

  it.each([
    ['SQP', () => new SqpConversation()],
    ['A2S', () => new A2sConversation()],
  ])('are heard in %s, or malformed', (_, begin) => {
    fc.assert(
      fc.property(fc.array(packets, { maxLength: 6 }), (heard) => {
        const talk = begin();
        for (const packet of heard) {
          try {
            talk.hear(packet);
          } catch (error) {
            if (!(error instanceof Malformed)) throw error;
          }
        }
      }),
    );
  });

  it('get no answer from a game that breaks it', () => {
    fc.assert(
      fc.property(packets, fc.nat(), (packet, challenge) => {
        answerServerInfo(packet, challenge, { ...server, port: 1 });
        answerInfo(packet, Buffer.alloc(4), { ...server, game: 'g' });
      }),
    );
  });

  it('say the same to both sides', () => {
    fc.assert(
      fc.property(fc.nat(65_535), fc.nat(65_535), fc.string(), (players, playersMax, name) => {
        const talk = new SqpConversation();
        const info = { ...server, players, playersMax, name, port: 1 };
        talk.hear(answerServerInfo(talk.opening, 7, info) as Buffer);
        const answer = answerServerInfo(hex('01 00000007 0001 01'), 7, info) as Buffer;
        expect(talk.hear(answer)).toEqual({ kind: 'answer', players: { players, playersMax } });
      }),
    );
  });
});

describe('A query client', () => {
  const open: Socket[] = [];
  const later = (delayMs: number, action: () => void) => {
    const timer = setTimeout(action, delayMs);
    return () => clearTimeout(timer);
  };

  afterEach(() => {
    for (const socket of open.splice(0)) socket.close();
  });

  async function game(answer: (packet: Buffer) => Buffer | null): Promise<number> {
    const socket = createSocket('udp4');
    open.push(socket);
    socket.on('message', (packet, { port, address }) => {
      const back = answer(packet);
      if (back !== null) socket.send(back, port, address);
    });
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return socket.address().port;
  }

  const ask = (protocol: QueryProtocol, port: number, withinMs = 5_000) =>
    new QueryClient(later).ask({ protocol, host: '127.0.0.1', port, withinMs });

  it('asks in SQP', async () => {
    const port = await game((packet) => answerServerInfo(packet, 42, { ...server, port: 1 }));
    expect(await ask('sqp', port)).toEqual({ players: 3, playersMax: 16 });
  });

  it('asks in A2S', async () => {
    const info = { ...server, game: 'g' };
    const port = await game((packet) => answerInfo(packet, Buffer.from('abcd'), info));
    expect(await ask('a2s', port)).toEqual({ players: 3, playersMax: 16 });
  });

  it('asks many at once', async () => {
    const client = new QueryClient(later);
    const ports = await Promise.all(
      Array.from({ length: 20 }, (_, players) =>
        game((packet) => answerServerInfo(packet, players, { ...server, players, port: 1 })),
      ),
    );
    const counts = await Promise.all(
      ports.map((port) =>
        client.ask({ protocol: 'sqp', host: '127.0.0.1', port, withinMs: 5_000 }),
      ),
    );
    expect(counts.map(({ players }) => players)).toEqual([...ports.keys()]);
  });

  it('asks again where a packet was lost', async () => {
    let packets = 0;
    const port = await game((packet) => {
      packets += 1;
      return packets === 1 ? null : answerServerInfo(packet, 42, { ...server, port: 1 });
    });
    expect(await ask('sqp', port, 400)).toMatchObject({ players: 3 });
  });

  it('gives up in time, and says what it heard instead', async () => {
    await expect(ask('sqp', await game(() => null), 50)).rejects.toThrow(
      new Unanswered('no answer in 50 ms'),
    );
    await expect(ask('a2s', await game(() => Buffer.from('hello')), 50)).rejects.toThrow(
      new Unanswered('answers, and the answer is no whole packet of A2S'),
    );
  });
});
