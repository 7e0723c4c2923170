import { ByteReader, Malformed } from './bytes.js';
import type { Conversation, Heard, Players } from './players.js';

/*
 * Unity's Server Query Protocol, over UDP, big endian: a challenge is asked for and named in the
 * query, so that nobody can have answers sent to somebody else's address. Many servers take each
 * challenge once, so whoever asks again asks for a new one.
 */

const CHALLENGE = 0;
const QUERY = 1;
const VERSION = 1;
const SERVER_INFO = 1;

/** A server that gives one challenge after the other has no answer. */
const CHALLENGES_MAX = 5;

/** Asks for the server's info. */
export class SqpConversation implements Conversation {
  readonly opening = Buffer.from([CHALLENGE, 0, 0, 0, 0]);
  private challenges = 0;
  /** By challenge, then by the number of the packet: they may come in any order, and twice. */
  private readonly answers = new Map<number, Map<number, Buffer>>();

  hear(packet: Buffer): Heard {
    const reader = new ByteReader(packet);
    const type = reader.byte();
    if (type === CHALLENGE) return this.hearChallenge(reader.long());
    if (type !== QUERY) throw new Malformed(`is no packet of SQP, for it begins with ${type}`);
    return this.hearPart(reader);
  }

  private hearChallenge(challenge: number): Heard {
    this.challenges += 1;
    if (this.challenges > CHALLENGES_MAX) throw new Malformed('is one challenge after the other');
    // Asked again under the same challenge, the answer may be another one: parts do not mix.
    this.answers.set(challenge, new Map());
    return { kind: 'ask', packet: query(challenge) };
  }

  private hearPart(reader: ByteReader): Heard {
    const parts = this.answers.get(reader.long());
    if (parts === undefined) throw new Malformed('answers another challenge');
    // The version is what the server knows; the reference servers say 1 whatever they are asked.
    reader.short();
    const current = reader.byte();
    const last = reader.byte();
    if (current > last) throw new Malformed(`is packet ${current} after the last, ${last}`);
    parts.set(current, reader.take(reader.short()));
    const bodies = Array.from({ length: last + 1 }, (_, number) => parts.get(number));
    if (!bodies.every((body) => body !== undefined)) return { kind: 'wait' };
    return { kind: 'answer', players: readServerInfo(Buffer.concat(bodies)) };
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

/**
 * The texts that follow the counts are of no use here, so a server may as well leave them out. SQP
 * knows no bots.
 */
function readServerInfo(payload: Buffer): Players {
  const reader = new ByteReader(payload);
  const chunk = new ByteReader(reader.take(reader.long()));
  return { players: chunk.short(), playersMax: chunk.short(), bots: 0 };
}
