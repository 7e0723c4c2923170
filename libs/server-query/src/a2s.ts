import { ByteReader, Malformed } from './bytes.js';
import type { Conversation, Heard, Players } from './players.js';

/*
 * Valve's A2S_INFO, over UDP, little endian. A server may answer at once, or first with a
 * challenge that the request has to be repeated with.
 */

const WHOLE = 0xff_ff_ff_ff;
const CHALLENGE = 0x41;
const INFO = 0x49;

const REQUEST = Buffer.concat([
  Buffer.from([0xff, 0xff, 0xff, 0xff, 0x54]),
  Buffer.from('Source Engine Query\0'),
]);

/** Nobody needs more than one; a server that goes on asking has no answer. */
const CHALLENGES_MAX = 3;

/** What a server says of itself. */
export interface A2sInfo extends Players {
  readonly name: string;
  readonly map: string;
  readonly game: string;
}

/** Asks for the server's info. */
export class A2sConversation implements Conversation {
  readonly opening = REQUEST;
  private challenges = 0;

  hear(packet: Buffer): Heard {
    const reader = new ByteReader(packet);
    // An info that is split over several packets begins with another number, and is unheard of.
    if (reader.long() !== WHOLE) throw new Malformed('is no whole packet of A2S');
    const type = reader.byte();
    if (type === INFO) return { kind: 'answer', players: readInfo(reader) };
    if (type !== CHALLENGE) throw new Malformed(`no answer to A2S_INFO begins with ${type}`);
    this.challenges += 1;
    if (this.challenges > CHALLENGES_MAX) throw new Malformed('one challenge follows the other');
    return { kind: 'ask', packet: Buffer.concat([REQUEST, reader.take(4)]) };
  }
}

function readInfo(reader: ByteReader): Players {
  reader.byte(); // the protocol's version
  for (let texts = 0; texts < 4; texts += 1) reader.zeroTerminated(); // name, map, folder, game
  reader.take(2); // the application's id
  return { players: reader.byte(), playersMax: reader.byte() };
}

/**
 * What a game server sends back to a packet: the other side, for games and for tests. Null where
 * the packet deserves no answer.
 *
 * @param challenge four bytes that this client has to repeat; null: it need not
 */
export function answerInfo(packet: Buffer, challenge: Buffer | null, info: A2sInfo): Buffer | null {
  if (!packet.subarray(0, REQUEST.length).equals(REQUEST)) return null;
  const named = packet.subarray(REQUEST.length);
  if (challenge !== null && !named.equals(challenge)) {
    return Buffer.concat([Buffer.from([0xff, 0xff, 0xff, 0xff, CHALLENGE]), challenge]);
  }
  const { name, map, game, players, playersMax } = info;
  return Buffer.concat([
    Buffer.from([0xff, 0xff, 0xff, 0xff, INFO, 17]),
    ...[name, map, game, game].map((text) => Buffer.from(`${text}\0`)),
    // No application id, no bots; dedicated, on Linux, open to all, unsecured.
    Buffer.from([0, 0, players & 255, playersMax & 255, 0, 0x64, 0x6c, 0, 0]),
    Buffer.from('1\0'),
  ]);
}
