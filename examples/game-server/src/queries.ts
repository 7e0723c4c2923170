import { createHmac, randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';

/** What server browsers are told. */
export interface ServerInfo {
  readonly players: number;
  readonly playersMax: number;
  readonly map: string;
  /** Where players go. */
  readonly port: number;
}

const NAME = 'Harbour';
const VERSION = '1';

/** A question in A2S (Valve's); what follows it is the challenge. */
const A2S_INFO = Buffer.from('\xff\xff\xff\xffTSource Engine Query\0', 'latin1');

/** First bytes of SQP (Unity's). */
const SQP_CHALLENGE = 0;
const SQP_QUERY = 1;

/**
 * The UDP door: says who plays to whoever asks in A2S or SQP. In both, who asks is first given a
 * challenge and has to repeat it, so that no answer goes to an address that did not ask.
 *
 * @param host an IP address, or a name that has an IPv4 address
 * @param info is called for each answer
 */
export function createQuerySocket(host: string, info: () => ServerInfo): Socket {
  const secret = randomBytes(16);
  const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4');
  socket.on('message', (packet, { address, port }) => {
    const challenge = createHmac('sha256', secret).update(`${address} ${port}`).digest();
    const answer = answerQuery(packet, challenge.subarray(0, 4), info());
    // Whoever cannot be answered, or names no port, asks in vain.
    if (answer !== null && port !== 0) socket.send(answer, port, address, () => undefined);
  });
  // Without a listener an error would end the game; who binds the socket hears it too.
  socket.on('error', () => undefined);
  return socket;
}

/**
 * What a packet is answered; null: nothing, for it is no query.
 *
 * @param challenge the four bytes that this client has to repeat
 */
export function answerQuery(packet: Buffer, challenge: Buffer, info: ServerInfo): Buffer | null {
  if (packet.subarray(0, A2S_INFO.length).equals(A2S_INFO)) {
    const isRepeated = packet.subarray(A2S_INFO.length).equals(challenge);
    return isRepeated ? a2sInfo(info) : Buffer.from([255, 255, 255, 255, 0x41, ...challenge]);
  }
  if (packet.length === 5 && packet[0] === SQP_CHALLENGE) {
    return Buffer.from([SQP_CHALLENGE, ...challenge]);
  }
  const isQuery = packet.length >= 8 && packet[0] === SQP_QUERY;
  return isQuery && packet.subarray(1, 5).equals(challenge) ? sqpInfo(challenge, info) : null;
}

function a2sInfo({ players, playersMax, map }: ServerInfo): Buffer {
  return Buffer.concat([
    Buffer.from([255, 255, 255, 255, 0x49, 17]),
    ...[NAME, map, 'harbour', NAME].map((text) => Buffer.from(`${text}\0`)),
    // No id at Steam, no bots.
    Buffer.from([0, 0, players, playersMax, 0]),
    // Dedicated, on Linux, no password, not secured.
    Buffer.from('dl\0\0'),
    Buffer.from(`${VERSION}\0\0`),
  ]);
}

function sqpInfo(challenge: Buffer, { players, playersMax, map, port }: ServerInfo): Buffer {
  const texts = [NAME, '', VERSION, map].map((text) => {
    return Buffer.concat([Buffer.from([text.length]), Buffer.from(text)]);
  });
  const info = Buffer.concat([u16(players), u16(playersMax), ...texts, u16(port)]);
  const chunk = Buffer.concat([u16(0), u16(info.length), info]);
  // Version 1; packet 0 of those up to 0; the length of what follows.
  const head = Buffer.from([SQP_QUERY, ...challenge, 0, 1, 0, 0]);
  return Buffer.concat([head, u16(chunk.length), chunk]);
}

/** Big endian, as all numbers of SQP. */
function u16(number: number): Buffer {
  return Buffer.from([number >> 8, number & 255]);
}
