import type { NatsConnection } from '@nats-io/transport-node';

/**
 * What is sent on a connection in one turn of the event loop leaves in one write, because a write
 * costs more than the rest of a message. The client itself writes after each microtask that sends.
 */
export class Outbox {
  private static readonly outboxes = new WeakMap<NatsConnection, Outbox>();
  private readonly waiting: (() => void)[] = [];

  static of(connection: NatsConnection): Outbox {
    let outbox = Outbox.outboxes.get(connection);
    if (outbox === undefined) {
      Outbox.outboxes.set(connection, (outbox = new Outbox()));
      outbox.emptyBefore(connection);
    }
    return outbox;
  }

  /** Calls `send` at the end of this turn; it must throw nothing that its caller could handle. */
  add(send: () => void): void {
    this.waiting.push(send);
    if (this.waiting.length === 1) setImmediate(() => this.empty());
  }

  private empty(): void {
    for (const send of this.waiting.splice(0)) send();
  }

  /** What was sent before a connection is flushed or closed still leaves on it. */
  private emptyBefore(connection: NatsConnection): void {
    for (const name of ['flush', 'drain', 'close'] as const) {
      const method = connection[name].bind(connection);
      connection[name] = () => {
        this.empty();
        return method();
      };
    }
  }
}
