import { ByteReader, Malformed } from './bytes.js';
import type { Conversation, Heard, Players } from './players.js';

/*
 * Unity's Server Query Protocol, over UDP, big endian: a challenge is asked for and named in the
 * query, so that nobody can have answers sent to somebody else's address.
 */

const CHALLENGE = 0;
const QUERY = 1;
const VERSION = 1;
const SERVER_INFO = 1;
const HEADER_BYTES = 11;

/** A string is told with its length in one byte. */
const TEXT_BYTES_MAX = 255;

/** What a server says of itself. */
export interface SqpInfo extends Players {
  readonly name: string;
  readonly gameType: string;
  readonly buildId: string;
  readonly map: string;
  readonly port: number;
}

/** Asks for the server's info. */
export class SqpConversation implements Conversation {
  readonly opening = Buffer.from([CHALLENGE, 0, 0, 0, 0]);
  private challenge: number | null = null;
  /** Payloads by the number of their packet: they may come in any order, and twice. */
  private readonly payloads = new Map<number, Buffer>();

  hear(packet: Buffer): Heard {
    const reader = new ByteReader(packet);
    const type = reader.byte();
    if (type === CHALLENGE) {
      this.challenge = reader.long();
      // Parts of an answer to another challenge would not fit together.
      this.payloads.clear();
      return { kind: 'ask', packet: query(this.challenge) };
    }
    if (type !== QUERY) throw new Malformed(`no packet of SQP begins with ${type}`);
    return this.hearPart(reader);
  }

  private hearPart(reader: ByteReader): Heard {
    if (reader.long() !== this.challenge) throw new Malformed('answers another challenge');
    // The version is what the server knows; the reference servers say 1 whatever they are asked.
    reader.short();
    const current = reader.byte();
    const last = reader.byte();
    if (current > last) throw new Malformed(`packet ${current} comes after the last, ${last}`);
    this.payloads.set(current, reader.take(reader.short()));
    if (this.payloads.size <= last) return { kind: 'wait' };
    const parts = [...this.payloads].sort(([one], [other]) => one - other);
    return {
      kind: 'answer',
      players: readServerInfo(Buffer.concat(parts.map(([, part]) => part))),
    };
  }
}

function query(challenge: number): Buffer {
  const packet = Buffer.alloc(8);
  packet.writeUInt8(QUERY, 0);
  packet.writeUInt32BE(challenge, 1);
  packet.writeUInt16BE(VERSION, 5);
  packet.writeUInt8(SERVER_INFO, 7);
  return packet;
}

/** The texts that follow the counts are of no use here, so a server may as well leave them out. */
function readServerInfo(payload: Buffer): Players {
  const reader = new ByteReader(payload);
  const chunk = new ByteReader(reader.take(reader.long()));
  return { players: chunk.short(), playersMax: chunk.short() };
}

/**
 * What a game server sends back to a packet: the other side, for games and for tests. Null where
 * the packet deserves no answer.
 *
 * @param challenge what this client was, or is, given to name
 */
export function answerServerInfo(packet: Buffer, challenge: number, info: SqpInfo): Buffer | null {
  if (packet.length >= 5 && packet[0] === CHALLENGE) {
    const answer = Buffer.alloc(5);
    answer.writeUInt32BE(challenge, 1);
    return answer;
  }
  if (packet.length < 8 || packet[0] !== QUERY || packet.readUInt32BE(1) !== challenge) return null;
  const chunk = serverInfo(info);
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt8(QUERY, 0);
  header.writeUInt32BE(challenge, 1);
  header.writeUInt16BE(VERSION, 5);
  header.writeUInt16BE(chunk.length, 9);
  return Buffer.concat([header, chunk]);
}

function serverInfo({ players, playersMax, name, gameType, buildId, map, port }: SqpInfo): Buffer {
  const shorts = (...numbers: number[]) => Buffer.from(numbers.flatMap((n) => [n >> 8, n & 255]));
  const texts = [name, gameType, buildId, map].map((text) => {
    const bytes = Buffer.from(text).subarray(0, TEXT_BYTES_MAX);
    return Buffer.concat([Buffer.from([bytes.length]), bytes]);
  });
  const content = Buffer.concat([shorts(players, playersMax), ...texts, shorts(port)]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  return Buffer.concat([length, content]);
}
