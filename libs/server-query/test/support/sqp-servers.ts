import type { Responder } from './udp-server.js';

/** For specs: servers that answer SQP like the libraries that games are built with. */
export interface SqpCounts {
  readonly players: number;
  readonly playersMax: number;
}

export interface SqpServerOptions {
  /** Each challenge is accepted once: after a lost packet the client must ask for a new one. */
  readonly once?: boolean;
  /** Size of the pieces in which the answer is sent. */
  readonly bytes?: number;
  /** Sends the last packet first. */
  readonly isReversed?: boolean;
  readonly isWithoutTexts?: boolean;
}

const u16 = (number: number) => Buffer.from([number >> 8, number & 255]);

function u32(number: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(number);
  return bytes;
}

const text = (word: string) => Buffer.concat([Buffer.from([word.length]), Buffer.from(word)]);

function serverInfo({ players, playersMax }: SqpCounts, isWithoutTexts: boolean): Buffer {
  const rest = ['Harbour', 'ctf', '7', 'docks'].map(text);
  const chunk = [u16(players), u16(playersMax), ...(isWithoutTexts ? [] : [...rest, u16(7_000)])];
  const bytes = Buffer.concat(chunk);
  return Buffer.concat([u32(bytes.length), bytes]);
}

/** The answer to a query under a challenge, in as many packets as needed. */
export function sqpAnswer(
  challenge: number,
  counts: SqpCounts,
  { bytes = 1_400, isReversed = false, isWithoutTexts = false }: SqpServerOptions = {},
): readonly Buffer[] {
  const whole = serverInfo(counts, isWithoutTexts);
  const last = Math.ceil(whole.length / bytes) - 1;
  const packets = Array.from({ length: last + 1 }, (_, current) => {
    const body = whole.subarray(current * bytes, (current + 1) * bytes);
    const head = [Buffer.from([1]), u32(challenge), u16(1), Buffer.from([current, last])];
    return Buffer.concat([...head, u16(body.length), body]);
  });
  return isReversed ? packets.reverse() : packets;
}

export const sqpChallenge = (challenge: number) =>
  Buffer.concat([Buffer.from([0]), u32(challenge)]);

/** Gives each client a challenge, and answers queries that repeat it. */
export function sqpServer(counts: SqpCounts, options: SqpServerOptions = {}): Responder {
  const given = new Map<string, number>();
  let next = 0x1234;
  return (packet, client) => {
    if (packet[0] === 0 && packet.length >= 5) {
      given.set(client, (next += 1));
      return [sqpChallenge(next)];
    }
    const challenge = given.get(client);
    if (challenge === undefined || packet.length < 8 || packet[0] !== 1) return [];
    if (packet.readUInt32BE(1) !== challenge) return [];
    if (options.once) given.delete(client);
    return sqpAnswer(challenge, counts, options);
  };
}
