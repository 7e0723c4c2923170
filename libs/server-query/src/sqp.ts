import { ByteReader, Malformed } from './bytes.js';
import type { Conversation, Heard, Players } from './players.js';

/*
 * Unity's Server Query Protocol, over UDP, big endian. The client asks for a challenge and repeats
 * it in the query, so that nobody can direct answers to another machine's address. Many servers
 * accept each challenge only once, so a repeated query needs a new one.
 */

const CHALLENGE = 0;
const QUERY = 1;
const VERSION = 1;
const SERVER_INFO = 1;

/** After this many challenges the server counts as giving no answer. */
const CHALLENGES_MAX = 5;

/** Asks for the server's info. */
export class SqpConversation implements Conversation {
  readonly opening = Buffer.from([CHALLENGE, 0, 0, 0, 0]);
  private challenges = 0;
  /**
   * Parts of answers, by challenge and number of the packet: packets may come in any order, and
   * twice.
   */
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
    // The answer to a repeated query may differ, so its parts must not be mixed with earlier ones.
    this.answers.set(challenge, new Map());
    return { kind: 'ask', packet: query(challenge) };
  }

  private hearPart(reader: ByteReader): Heard {
    const parts = this.answers.get(reader.long());
    if (parts === undefined) throw new Malformed('answers another challenge');
    // The version is the one that the server supports; the reference servers always say 1.
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
 * Reads no further than the counts, so a server may leave out the texts. SQP does not tell bots.
 */
function readServerInfo(payload: Buffer): Players {
  const reader = new ByteReader(payload);
  const chunk = new ByteReader(reader.take(reader.long()));
  return { players: chunk.short(), playersMax: chunk.short(), bots: 0 };
}
