import type { Cancel } from '#kernel';
import type { NatsConnection } from '@nats-io/transport-node';

/** Tells whoever listens that the connection was lost and is there again. */
export class Reconnects {
  readonly #listeners = new Set<() => void>();

  constructor(connection: NatsConnection) {
    void this.#tell(connection);
  }

  listen(listener: () => void): Cancel {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Ends by itself when the connection is closed. */
  async #tell(connection: NatsConnection): Promise<void> {
    for await (const { type } of connection.status()) {
      if (type === 'reconnect') for (const listener of this.#listeners) listener();
    }
  }
}
