import type { Cancel } from '#kernel';
import type { NatsConnection } from '@nats-io/transport-node';

type Change = 'lost' | 'back';

/** Tells its listeners when the connection is lost and when it is back. */
export class ConnectionWatch {
  private readonly listeners = { lost: new Set<() => void>(), back: new Set<() => void>() };

  constructor(connection: NatsConnection) {
    void this.tell(connection);
  }

  on(change: Change, listener: () => void): Cancel {
    const listeners = this.listeners[change];
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }

  /** Ends by itself when the connection is closed. */
  private async tell(connection: NatsConnection): Promise<void> {
    for await (const { type } of connection.status()) {
      if (type === 'disconnect' || type === 'close') this.each('lost');
      if (type === 'reconnect') this.each('back');
    }
  }

  private each(change: Change): void {
    for (const listener of this.listeners[change]) listener();
  }
}
