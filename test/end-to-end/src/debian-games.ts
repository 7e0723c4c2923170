import { createSocket, type Socket as Datagrams } from 'node:dgram';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';

const WITHIN_MS = 5_000;
const PROGRAMS = ['/usr/games/bzfs', '/usr/games/teeworlds-server'];

const absent = PROGRAMS.filter((program) => !existsSync(program));

/** Null if both games can be run. */
export const gamesAreMissing = absent.length === 0 ? null : `there is no ${absent.join(', no ')}`;

/** The settings for one of the games from docs/agent.md. */
export function settingsFromDocs(name: string): string {
  const page = readFileSync('docs/agent.md', 'utf8');
  const block = new RegExp('```yaml\\n(# ' + name + '\\.yaml\\n[^`]*)```').exec(page)?.[1];
  if (block === undefined) throw new Error(`docs/agent.md has no ${name}.yaml`);
  return block;
}

/**
 * Greets bzfs like its client, and asks about the game. Source: BZFlag 2.4, Protocol.h: a message
 * has a length and a code, two bytes each.
 */
export async function askBzflag(host: string, port: number): Promise<{ playersMax: number }> {
  const socket = connect({ host, port, timeout: WITHIN_MS });
  const signal = AbortSignal.timeout(WITHIN_MS);
  try {
    socket.write('BZFLAG\r\n\r\n');
    const [greeting] = (await once(socket, 'data', { signal })) as [Buffer];
    if (!greeting.toString('latin1').startsWith('BZFS')) throw new Error('not bzfs');
    socket.write(Buffer.from([0, 0, ...Buffer.from('qg')]));
    const [answer] = (await once(socket, 'data', { signal })) as [Buffer];
    const at = answer.indexOf('qg');
    if (at < 0) throw new Error(`bzfs says ${answer.toString('hex')}`);
    return { playersMax: answer.readUInt16BE(at + 2 + 4) };
  } finally {
    socket.destroy();
  }
}

const OURS = Buffer.from('abcd');
const [TOKEN, CONNECT, ACCEPT] = [5, 1, 2];
const CONTROL = 0x04;
const CONNLESS = 0x21;
/**
 * Requests are padded to this size, so that servers cannot be used to flood others with their
 * answers.
 */
const PADDING = Buffer.alloc(512);

/**
 * Asks a Teeworlds server for its information, then joins it, like its client. Source: Teeworlds
 * 0.7, network.h: flags, acknowledgement, number of chunks, token of the receiver; then the
 * message.
 */
export async function joinTeeworlds(host: string, port: number) {
  const socket = createSocket('udp4');
  try {
    const theirs = await ask(socket, port, host, control(Buffer.alloc(4, 255), TOKEN));
    const token = theirs.subarray(8, 12);
    const question = Buffer.from('\xff\xff\xff\xffgie3\x01', 'latin1');
    const wish = Buffer.concat([Buffer.from([CONNLESS]), token, OURS, question]);
    const info = (await ask(socket, port, host, wish)).toString('latin1');
    const joined = await ask(socket, port, host, control(token, CONNECT));
    return { info, isAccepted: joined[7] === ACCEPT };
  } finally {
    socket.close();
  }
}

function control(token: Buffer, message: number): Buffer {
  return Buffer.concat([
    Buffer.from([CONTROL, 0, 0]),
    token,
    Buffer.from([message]),
    OURS,
    PADDING,
  ]);
}

async function ask(socket: Datagrams, port: number, host: string, what: Buffer): Promise<Buffer> {
  const answered = once(socket, 'message', { signal: AbortSignal.timeout(WITHIN_MS) });
  socket.send(what, port, host);
  const [answer] = (await answered) as [Buffer];
  return answer;
}
