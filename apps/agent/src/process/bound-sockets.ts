import { readdir, readFile, readlink } from 'node:fs/promises';
import { endianness } from 'node:os';

/** A socket that receives what is sent to a port: a TCP listener, or a UDP socket. */
export interface BoundSocket {
  readonly protocol: 'tcp' | 'udp';
  /** The address it is bound to; `0.0.0.0` and `::` stand for all addresses of their family. */
  readonly address: string;
  readonly port: number;
  /** Identifies the socket on this machine. */
  readonly inode: string;
  /** User id of the process that made the socket. */
  readonly uid: number;
}

/** State of a listening TCP socket in /proc/net. UDP sockets have no such state. */
const LISTENING = '0A';

const TABLES = ['tcp', 'tcp6', 'udp', 'udp6'] as const;

/**
 * All sockets that are bound in the network namespace of a process, or in this process's own if
 * that process is gone. Null if the system does not tell (proc(5) exists on Linux only).
 */
export async function boundSockets(pid: number): Promise<readonly BoundSocket[] | null> {
  const rows = (await rowsIn(String(pid))) ?? (await rowsIn('self'));
  return rows?.filter(({ protocol, state }) => protocol === 'udp' || state === LISTENING) ?? null;
}

/** One end of a TCP connection, as `net.Socket` names it. */
export interface End {
  readonly address: string;
  readonly port: number;
}

/**
 * The sockets of this machine, in this process's network namespace, that are connected from one end
 * to the other: one at most. Null if the system does not tell.
 */
export async function connectionOf(from: End, to: End): Promise<readonly BoundSocket[] | null> {
  const rows = await rowsIn('self');
  // A game may connect from the port of another one, at another address of loopback.
  const isFrom = ({ address, port }: Row) => isEnd({ address, port }, from);
  const found = rows?.filter((row) => {
    return (
      row.protocol === 'tcp' && row.state !== LISTENING && isFrom(row) && isEnd(row.remote, to)
    );
  });
  return found ?? null;
}

function isEnd(one: End, other: End): boolean {
  return one.port === other.port && one.address === other.address.replace(/^::ffff:/i, '');
}

async function rowsIn(process: string): Promise<readonly Row[] | null> {
  const texts = await tablesOf(process);
  return texts?.flatMap((text, index) => rowsOf(text ?? '', TABLES[index] ?? 'tcp')) ?? null;
}

async function tablesOf(process: string): Promise<readonly (string | null)[] | null> {
  const texts = await Promise.all(TABLES.map((table) => read(`/proc/${process}/net/${table}`)));
  return texts.every((text) => text === null) ? null : texts;
}

interface Row extends BoundSocket {
  readonly state: string;
  readonly remote: End;
}

function rowsOf(text: string, table: (typeof TABLES)[number]): readonly Row[] {
  const protocol = table.startsWith('tcp') ? 'tcp' : 'udp';
  return text
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const [, local = '', far = '', state = '', , , , uid, , inode = ''] = line
        .trim()
        .split(/\s+/);
      const [address = '', port = ''] = local.split(':');
      if (port === '') return [];
      const [farAddress = '', farPort = ''] = far.split(':');
      const remote = { address: addressOf(farAddress), port: Number.parseInt(farPort, 16) };
      const where = { address: addressOf(address), port: Number.parseInt(port, 16) };
      return [{ protocol, ...where, remote, state, inode, uid: Number(uid) } as const];
    });
}

/** /proc/net writes an address as words of 32 bits, each in the machine's own byte order. */
function addressOf(hex: string): string {
  const words = Buffer.from(hex, 'hex');
  const bytes = endianness() === 'LE' ? words.swap32() : words;
  if (bytes.length === 4) return bytes.join('.');
  const isMapped = bytes.subarray(0, 12).equals(MAPPED);
  if (isMapped) return bytes.subarray(12).join('.');
  const groups = Array.from({ length: 8 }, (_, at) => bytes.readUInt16BE(at * 2).toString(16));
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
}

/** `::ffff:0:0/96`: IPv4 addresses written as IPv6. */
const MAPPED = Buffer.from('00000000000000000000ffff', 'hex');

/**
 * The inodes of those sockets that one of the processes holds. The open files of another user's
 * process cannot be read; then all sockets of that user count as held.
 */
export async function heldBy(
  pids: readonly number[],
  sockets: readonly BoundSocket[],
): Promise<ReadonlySet<string>> {
  const held = new Set<string>();
  for (const pid of pids) {
    if (held.size === sockets.length) break;
    const files = await openFiles(pid);
    const uid = files === null ? await userOf(pid) : null;
    for (const { inode, uid: maker } of sockets) {
      if (files?.has(`socket:[${inode}]`) || maker === uid) held.add(inode);
    }
  }
  return held;
}

/** Null if the open files may not be read (EACCES). */
async function openFiles(pid: number): Promise<ReadonlySet<string> | null> {
  const folder = `/proc/${pid}/fd`;
  try {
    const names = await readdir(folder);
    const targets = names.map((name) => readlink(`${folder}/${name}`).catch(() => ''));
    return new Set(await Promise.all(targets));
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EACCES' ? null : new Set();
  }
}

async function userOf(pid: number): Promise<number | null> {
  const status = (await read(`/proc/${pid}/status`)) ?? '';
  // The real and the effective user id; a socket belongs to the effective one.
  const uid = /^Uid:\s+\d+\s+(\d+)/m.exec(status)?.[1];
  return uid === undefined ? null : Number(uid);
}

async function read(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    return null;
  }
}
