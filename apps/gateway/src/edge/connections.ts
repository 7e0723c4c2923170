import type { Logger } from '#service-runtime';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { counted } from './address.js';

interface Limits {
  /** Connections of all addresses together. */
  readonly max: number;
  readonly ofAddressMax: number;
  readonly isProxy: (address: string) => boolean;
}

/**
 * Limits how many connections are open, in total and of each address. One too many is closed
 * before a byte of it is read.
 */
export class Connections {
  private readonly byAddress = new Map<string, number>();
  private openNow = 0;
  private refusedSoFar = 0;

  constructor(
    private readonly limits: Limits,
    private readonly logger: Logger,
  ) {}

  /** Connections that are open now. */
  get open(): number {
    return this.openNow;
  }

  /** Connections that were closed at once. */
  get refused(): number {
    return this.refusedSoFar;
  }

  watch(server: Server): void {
    server.maxConnections = this.limits.max;
    server.on('drop', () => (this.refusedSoFar += 1));
    server.prependListener('connection', (socket: Socket) => this.opened(socket));
  }

  private opened(socket: Socket): void {
    const { remoteAddress = '' } = socket;
    const address = counted(remoteAddress);
    const count = this.byAddress.get(address) ?? 0;
    if (count >= this.limits.ofAddressMax && !this.limits.isProxy(remoteAddress)) {
      this.refusedSoFar += 1;
      this.logger.debug({ address, connections: count }, 'a connection too many was closed');
      return void socket.destroy();
    }
    this.openNow += 1;
    this.byAddress.set(address, count + 1);
    socket.once('close', () => this.closed(address));
  }

  private closed(address: string): void {
    this.openNow -= 1;
    const left = (this.byAddress.get(address) ?? 1) - 1;
    if (left === 0) this.byAddress.delete(address);
    else this.byAddress.set(address, left);
  }
}
