import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { basename, join } from 'node:path';
import { reachableHost } from './ports.js';

/** What is known of a server that accepts connections. */
export interface ServerReady {
  readonly version: string;
  readonly port: number;
  readonly monitorPort: number | undefined;
}

const infoBytesMax = 64 * 1024;
const infoMsMax = 2_000;

/**
 * Checks once whether the server accepts connections: it has written its ports file, and sends its
 * INFO line to a client that connects.
 *
 * @returns undefined if it is not ready yet
 */
export async function lookWhetherReady(
  portsDirectory: string,
  binaryPath: string,
  pid: number,
  host: string,
): Promise<ServerReady | undefined> {
  try {
    // nats-server names the file in this way: server/server.go, portFile().
    const file = join(portsDirectory, `${basename(binaryPath)}_${pid}.ports`);
    const ports = JSON.parse(await readFile(file, 'utf8')) as {
      nats: [string];
      monitoring?: [string];
    };
    const port = Number(new URL(ports.nats[0]).port);
    const { version } = await askInfo(reachableHost(host), port);
    const monitoring = ports.monitoring?.[0];
    const monitorPort = monitoring === undefined ? undefined : Number(new URL(monitoring).port);
    return { version, port, monitorPort };
  } catch {
    // The file is missing or incomplete, or the port is not open yet.
    return undefined;
  }
}

/** Part of the INFO that a nats-server sends first. */
export interface ServerInfo {
  readonly version: string;
  readonly tls_required?: boolean;
  readonly tls_available?: boolean;
  /** The server asks for the client's certificate. */
  readonly tls_verify?: boolean;
}

/** Connects, and reads the line that a nats-server sends first: `INFO {...}`. */
export async function askInfo(host: string, port: number): Promise<ServerInfo> {
  const socket = connect({ host, port });
  socket.setEncoding('utf8').setTimeout(infoMsMax, () => socket.destroy());
  let received = '';
  try {
    for await (const chunk of socket as AsyncIterable<string>) {
      received += chunk;
      const line = /^INFO (.*)\r\n/.exec(received)?.[1];
      if (line !== undefined) return JSON.parse(line) as ServerInfo;
      if (received.length > infoBytesMax) break;
    }
  } finally {
    socket.destroy();
  }
  throw new Error(`${host}:${port} does not greet as a nats-server`);
}
