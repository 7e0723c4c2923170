import type { NatsConnection } from '@nats-io/transport-node';

/** Whether NATS can be reached, from the connection's own status events. */
export class ConnectionState {
  private isAway = false;

  constructor(private readonly connection: NatsConnection) {
    void this.listen();
  }

  /** Why NATS cannot be used now; null if it can. */
  awayBecause(): string | null {
    if (this.connection.isClosed()) return 'NATS: the connection is closed';
    return this.isAway ? 'NATS: the connection is lost; reconnecting' : null;
  }

  /** Ends by itself when the connection is closed. */
  private async listen(): Promise<void> {
    for await (const { type } of this.connection.status()) {
      if (type === 'disconnect') this.isAway = true;
      if (type === 'reconnect') this.isAway = false;
    }
  }
}
