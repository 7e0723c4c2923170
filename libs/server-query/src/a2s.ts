import { A2sParts } from './a2s-parts.js';
import { ByteReader, Malformed } from './bytes.js';
import type { Conversation, Heard, Players } from './players.js';

/*
 * Valve's A2S_INFO, over UDP, little endian. A server answers at once, or answers first with a
 * challenge that the client must repeat in its next request.
 */

const WHOLE = 0xff_ff_ff_ff;
/** -2, little endian. */
const PART = 0xfe_ff_ff_ff;

const CHALLENGE = 0x41;
const INFO = 0x49;
/** The answer of old servers of the GoldSource engine. */
const GOLDSOURCE_INFO = 0x6d;

const REQUEST = Buffer.concat([
  Buffer.from([0xff, 0xff, 0xff, 0xff, 0x54]),
  Buffer.from('Source Engine Query\0'),
]);

/**
 * Some servers change the challenge between two requests. After this many the server counts as
 * giving no answer.
 */
const CHALLENGES_MAX = 5;

/** Asks for the server's info. */
export class A2sConversation implements Conversation {
  readonly opening = REQUEST;
  private readonly parts = new A2sParts();
  private challenges = 0;

  hear(packet: Buffer): Heard {
    const reader = new ByteReader(packet);
    const head = reader.long();
    if (head === WHOLE) return this.hearWhole(reader);
    if (head !== PART) throw new Malformed('is no packet of A2S');
    const whole = this.parts.join(reader);
    if (whole === null) return { kind: 'wait' };
    const joined = new ByteReader(whole);
    if (joined.long() !== WHOLE) throw new Malformed('is made of parts that do not fit together');
    return this.hearWhole(joined);
  }

  private hearWhole(reader: ByteReader): Heard {
    const type = reader.byte();
    if (type === INFO) return { kind: 'answer', players: readInfo(reader) };
    if (type === GOLDSOURCE_INFO) return { kind: 'answer', players: readGoldSource(reader) };
    if (type !== CHALLENGE) throw new Malformed(`is no A2S_INFO, for it begins with ${type}`);
    this.challenges += 1;
    if (this.challenges > CHALLENGES_MAX) throw new Malformed('is one challenge after the other');
    return { kind: 'ask', packet: Buffer.concat([REQUEST, reader.take(4)]) };
  }
}

/** Reads no further than the counts, so a server may leave out the rest. */
function readInfo(reader: ByteReader): Players {
  reader.byte(); // the protocol's version
  skipTexts(reader, 4); // name, map, folder, game
  reader.take(2); // the application's id
  const [players, playersMax] = [reader.byte(), reader.byte()];
  return { players, playersMax, bots: reader.left > 0 ? reader.byte() : 0 };
}

function readGoldSource(reader: ByteReader): Players {
  skipTexts(reader, 5); // address, name, map, folder, game
  const [players, playersMax] = [reader.byte(), reader.byte()];
  try {
    reader.take(4); // version, kind of server, its system, whether there is a password
    if (reader.byte() === 1) skipMod(reader);
    reader.byte(); // whether it is secured
    return { players, playersMax, bots: reader.byte() };
  } catch (error) {
    if (error instanceof Malformed) return { players, playersMax, bots: 0 };
    throw error;
  }
}

function skipMod(reader: ByteReader): void {
  skipTexts(reader, 2); // its home page and download address
  reader.take(11); // a zero, version, size, for whom, whether it brings its own library
}

function skipTexts(reader: ByteReader, count: number): void {
  for (let texts = 0; texts < count; texts += 1) reader.skipText();
}
