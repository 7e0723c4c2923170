import { TransientError } from '#kernel';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { ExtraPorts } from './extra-ports.js';
import type { SlotPorts } from './slot-folder.js';

/** A range of ports, both ends included. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
}

/** The ports of one machine. Each belongs to one slot at most, and is free when a slot gets it. */
export abstract class Ports {
  /**
   * Reserves the ports that a slot had before the agent was restarted, as far as they are in the
   * range and no other slot has them.
   */
  abstract keep(slot: string, ports: SlotPorts): void;

  /**
   * Returns the slot's ports, none of which another process has bound: those the slot has, or
   * others in place of those that are taken. Throws `TransientError` if the range has none left.
   */
  abstract secure(slot: string): Promise<SlotPorts>;

  /** The first of these ports that a process on the machine has bound; null if none is bound. */
  abstract taken(ports: SlotPorts): Promise<number | null>;
}

const USES = ['game', 'query', 'callback'] as const;

export class HostPorts extends Ports {
  /** By port: the slot that has it, and its use, as `<slot> <use>`. */
  private readonly owners = new Map<number, string>();

  /** @param extra ports of each slot beside its three standard ones */
  constructor(
    private readonly range: PortRange,
    private readonly extra: readonly ExtraPorts[] = [],
  ) {
    super();
  }

  keep(slot: string, ports: SlotPorts): void {
    for (const { use, port } of eachOf(ports)) {
      if (this.isInRange(port)) this.take(port, `${slot} ${use}`);
    }
  }

  async secure(slot: string): Promise<SlotPorts> {
    const three = {
      game: await this.secureRow(`${slot} game`, 1),
      query: await this.secureRow(`${slot} query`, 1),
      callback: await this.secureRow(`${slot} callback`, 1),
    };
    if (this.extra.length === 0) return three;
    const extra: Record<string, { first: number; last: number }> = {};
    for (const { name, count } of this.extra) {
      const first = await this.secureRow(`${slot} ${name}`, count);
      extra[name] = { first, last: first + count - 1 };
    }
    return { ...three, extra };
  }

  async taken(ports: SlotPorts): Promise<number | null> {
    for (const { port } of eachOf(ports)) if (!(await isFree(port))) return port;
    return null;
  }

  /**
   * Returns the first of `count` ports in a row for one use of one slot: the ports that it has, if
   * all are free, otherwise others. Throws `TransientError`.
   */
  private async secureRow(owner: string, count: number): Promise<number> {
    const had = [...this.owners].flatMap(([port, name]) => (name === owner ? [port] : []));
    const hadFirst = Math.min(...had);
    const isRow = had.length === count && Math.max(...had) === hadFirst + count - 1;
    if (isRow && (await firstTaken(hadFirst, count)) === null) return hadFirst;
    this.release(owner);
    let first = this.range.first;
    while (first + count - 1 <= this.range.last) {
      // Reserve the row before it is tested, so that two slots never test the same port.
      const inTheWay = this.takeRow(first, count, owner) ?? (await firstTaken(first, count));
      if (inTheWay === null) return first;
      this.release(owner);
      first = inTheWay + 1;
    }
    const { first: from, last: to } = this.range;
    const wanted = count === 1 ? 'no port' : `no ${count} ports in a row`;
    throw new TransientError(`${wanted} from ${from} to ${to} ${count === 1 ? 'is' : 'are'} free`);
  }

  /**
   * Reserves the row up to the first port that has an owner, and returns that port; null if the
   * whole row is reserved.
   */
  private takeRow(first: number, count: number, owner: string): number | null {
    for (let port = first; port < first + count; port += 1) {
      if (!this.take(port, owner)) return port;
    }
    return null;
  }

  private release(owner: string): void {
    for (const [port, name] of this.owners) if (name === owner) this.owners.delete(port);
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

/** Yields every port of a slot, with its use. */
function* eachOf(ports: SlotPorts) {
  for (const use of USES) yield { use, port: ports[use] };
  for (const [use, { first, last }] of Object.entries(ports.extra ?? {})) {
    for (let port = first; port <= last; port += 1) yield { use, port };
  }
}

/** The first port of the row that a process on the machine has bound; null if none is bound. */
async function firstTaken(first: number, count: number): Promise<number | null> {
  for (let port = first; port < first + count; port += 1) {
    if (!(await isFree(port))) return port;
  }
  return null;
}

/** Whether no process has bound the port, over TCP or UDP, at any address of either family. */
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
    // Without IPv6 on the machine, binding fails with another error; then no process has the port
    // there.
    return ipv6Only && (error as NodeJS.ErrnoException).code !== 'EADDRINUSE';
  } finally {
    server.close();
    socket.close();
  }
}
