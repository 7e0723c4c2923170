import type { Responder } from './udp-server.js';

/** For specs: servers that answer A2S_INFO as those of the engines do. */
const REQUEST = Buffer.from('\xff\xff\xff\xffTSource Engine Query\0', 'latin1');

export interface A2sCounts {
  readonly players: number;
  readonly playersMax: number;
  readonly bots: number;
}

export const counts: A2sCounts = { players: 3, playersMax: 16, bots: 0 };

const texts = (...words: string[]) => Buffer.from(words.map((word) => `${word}\0`).join(''));

/** The info of the Source engine and of Steam's library, up to the flags of optional fields. */
export function sourceInfo(
  { players, playersMax, bots }: A2sCounts,
  name = 'Harbour',
  extra: Buffer = Buffer.from([0]),
): Buffer {
  return Buffer.concat([
    Buffer.from([0xff, 0xff, 0xff, 0xff, 0x49, 17]),
    texts(name, 'map', 'folder', 'Game'),
    Buffer.from([0xf0, 0, players, playersMax, bots]),
    Buffer.from('dl\0\x01', 'latin1'),
    texts('1.0.0.0'),
    extra,
  ]);
}

/**
 * All optional fields: port, Steam id, port and name of SourceTV, keywords, and the game's long id.
 */
export const everyExtra = Buffer.concat([
  Buffer.from([0x80 | 0x10 | 0x40 | 0x20 | 0x01]),
  Buffer.from([0x87, 0x69]),
  Buffer.alloc(8, 7),
  Buffer.from([0x88, 0x69]),
  texts('tv', 'secure,ctf,cp3'),
  Buffer.alloc(8, 9),
]);

/** The info of GoldSource (HLDS) in its own, older form. */
export function goldSourceInfo({ players, playersMax, bots }: A2sCounts, isMod = false): Buffer {
  const mod = [texts('http://mod.example', ''), Buffer.alloc(1), Buffer.alloc(8, 5)];
  return Buffer.concat([
    Buffer.from([0xff, 0xff, 0xff, 0xff, 0x6d]),
    texts('127.0.0.1:27015', 'Harbour', 'crossfire', 'valve', 'Half-Life'),
    Buffer.from([players, playersMax, 47]),
    Buffer.from('dl\0', 'latin1'),
    Buffer.from([isMod ? 1 : 0]),
    ...(isMod ? [...mod, Buffer.from([1, 0])] : []),
    Buffer.from([1, bots]),
  ]);
}

/** Answers every request at once. */
export const plain =
  (...packets: Buffer[]): Responder =>
  (packet) =>
    packet.subarray(0, REQUEST.length).equals(REQUEST) ? packets : [];

/**
 * Answers a client that repeats the challenge, after it has given the client `times` challenges.
 */
export function challenging(times: number, ...packets: Buffer[]): Responder {
  const given = new Map<string, number>();
  return (packet, client) => {
    if (!packet.subarray(0, REQUEST.length).equals(REQUEST)) return [];
    const number = given.get(client) ?? 0;
    const isRight = number > 0 && packet.subarray(REQUEST.length).equals(challengeOf(number));
    if (isRight && number >= times) return packets;
    given.set(client, number + 1);
    return [Buffer.concat([Buffer.from([0xff, 0xff, 0xff, 0xff, 0x41]), challengeOf(number + 1)])];
  };
}

const challengeOf = (number: number) => Buffer.from([number, 0xb0, 0xff, 0xe5]);

/** An answer in parts of `bytes` bytes, with the heads that the engine writes. */
export function split(
  engine: 'source' | 'early source' | 'goldsource',
  whole: Buffer,
  bytes: number,
  id = 99,
): readonly Buffer[] {
  const count = Math.ceil(whole.length / bytes);
  return Array.from({ length: count }, (_, number) => {
    const head = {
      source: [count, number, 0xe0, 0x04],
      'early source': [count, number],
      goldsource: [(number << 4) | count],
    }[engine];
    const body = whole.subarray(number * bytes, (number + 1) * bytes);
    return Buffer.concat([Buffer.from([0xfe, 0xff, 0xff, 0xff, id, 0, 0, 0, ...head]), body]);
  });
}

/** A compressed answer in two parts. The first part holds the original size and checksum. */
export const compressed = [0, 1].map((number) =>
  Buffer.concat([
    Buffer.from([0xfe, 0xff, 0xff, 0xff, 99, 0, 0, 0x80, 2, number, 0xe0, 0x04]),
    number === 0 ? Buffer.from([0, 2, 0, 0, 1, 2, 3, 4]) : Buffer.alloc(0),
    Buffer.from('BZh91AY&SY'),
  ]),
);
