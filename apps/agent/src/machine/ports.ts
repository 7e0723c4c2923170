import { TransientError } from '#kernel';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { SlotPorts } from './slot-folder.js';

/** Both ends included. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
}

/** The ports of one machine: each belongs to one slot at most, and is free when it is given. */
export abstract class Ports {
  /** Takes the ports that a slot had in an earlier life, as far as they are still to be had. */
  abstract keep(slot: string, ports: SlotPorts): void;

  /**
   * The slot's ports, none of them taken by anybody else on the machine: those it has, or others
   * in place of those that are taken. Throws `TransientError` where the range has none left.
   */
  abstract secure(slot: string): Promise<SlotPorts>;

  /** The first of these that a process on the machine has bound; null where none is. */
  abstract taken(ports: SlotPorts): Promise<number | null>;
}

const USES = ['game', 'query', 'callback'] as const;

export class HostPorts extends Ports {
  /** By port: which slot has it, for what. */
  private readonly owners = new Map<number, string>();

  constructor(private readonly range: PortRange) {
    super();
  }

  keep(slot: string, ports: SlotPorts): void {
    for (const use of USES) {
      if (this.isInRange(ports[use])) this.take(ports[use], `${slot} ${use}`);
    }
  }

  async secure(slot: string): Promise<SlotPorts> {
    return {
      game: await this.secureOne(`${slot} game`),
      query: await this.secureOne(`${slot} query`),
      callback: await this.secureOne(`${slot} callback`),
    };
  }

  async taken(ports: SlotPorts): Promise<number | null> {
    for (const use of USES) if (!(await isFree(ports[use]))) return ports[use];
    return null;
  }

  private async secureOne(owner: string): Promise<number> {
    const had = [...this.owners].find(([, name]) => name === owner)?.[0];
    if (had !== undefined) {
      if (await isFree(had)) return had;
      this.owners.delete(had);
    }
    for (let port = this.range.first; port <= this.range.last; port += 1) {
      // Taken before it is tried, so that two slots never try the same one.
      if (port === had || !this.take(port, owner)) continue;
      if (await isFree(port)) return port;
      this.owners.delete(port);
    }
    throw new TransientError(`no port from ${this.range.first} to ${this.range.last} is free`);
  }

  private take(port: number, owner: string): boolean {
    if (this.owners.has(port)) return false;
    this.owners.set(port, owner);
    return true;
  }

  private isInRange(port: number): boolean {
    return port >= this.range.first && port <= this.range.last;
  }
}

/** Whether nobody has bound the port, over TCP or UDP, at any address of either family. */
async function isFree(port: number): Promise<boolean> {
  for (const host of ['0.0.0.0', '::']) {
    if (!(await isFreeAt(host, port))) return false;
  }
  return true;
}

async function isFreeAt(host: string, port: number): Promise<boolean> {
  const ipv6Only = host === '::';
  const server = createServer();
  const socket = createSocket({ type: ipv6Only ? 'udp6' : 'udp4', ipv6Only });
  try {
    server.listen({ port, host, exclusive: true, ipv6Only });
    await once(server, 'listening');
    socket.bind({ port, address: host, exclusive: true });
    await once(socket, 'listening');
    return true;
  } catch (error) {
    // A machine without IPv6 has nobody there.
    return ipv6Only && (error as NodeJS.ErrnoException).code !== 'EADDRINUSE';
  } finally {
    server.close();
    socket.close();
  }
}
