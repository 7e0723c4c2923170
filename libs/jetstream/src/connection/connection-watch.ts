import { NotPermitted, type Cancel } from '#kernel';
import { errors, type NatsConnection } from '@nats-io/transport-node';
import { CredentialsRefused } from './start-failure.js';

interface Listeners {
  lost: () => void;
  back: () => void;
  /** A message or a subscription that the server's permissions do not allow. */
  refused: (refusal: NotPermitted) => void;
  /** The server closed the connection because of its credentials, or refused it when it came back. */
  shutOut: (refusal: CredentialsRefused) => void;
}

/** JetStream's API in an account that imports it under another name; nobody asks for it by that name. */
const IMPORTED_API = /^\$JS\.[^.]+\.API\./;

const watches = new WeakMap<NatsConnection, ConnectionWatch>();

/** Tells its listeners what happens to a connection, and what the server refuses. */
export class ConnectionWatch {
  private readonly listeners: { readonly [Event in keyof Listeners]: Set<Listeners[Event]> } = {
    ...{ lost: new Set(), back: new Set(), refused: new Set(), shutOut: new Set() },
  };
  private isAway = false;

  /** The one watch of a connection. */
  static of(connection: NatsConnection): ConnectionWatch {
    return watches.get(connection) ?? new ConnectionWatch(connection, () => 'this connection');
  }

  /** @param who names the connection and its user in messages */
  constructor(
    private readonly connection: NatsConnection,
    private readonly who: () => string,
  ) {
    watches.set(connection, this);
    void this.listen();
  }

  on<Event extends keyof Listeners>(event: Event, listener: Listeners[Event]): Cancel {
    const listeners: Set<Listeners[Event]> = this.listeners[event];
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }

  /** Why NATS cannot be used now; null if it can. */
  awayBecause(): string | null {
    if (this.connection.isClosed()) return 'NATS: the connection is closed';
    return this.isAway ? 'NATS: the connection is lost; reconnecting' : null;
  }

  /** The refusal that an error of the client, or its cause, stands for. */
  refusalIn(error: unknown): NotPermitted | undefined {
    if (error instanceof NotPermitted) return error;
    if (error instanceof errors.PermissionViolationError) {
      const act = error.operation === 'publish' ? 'publish to' : 'subscribe to';
      const subject = error.subject.replace(IMPORTED_API, '$$JS.API.');
      const message = `NATS does not let ${this.who()} ${act} ${subject}`;
      return new NotPermitted(message, subject, { cause: error });
    }
    return error instanceof Error && error.cause !== undefined
      ? this.refusalIn(error.cause)
      : undefined;
  }

  /** Ends by itself when the connection is closed. */
  private async listen(): Promise<void> {
    for await (const status of this.connection.status()) {
      if (status.type === 'disconnect' || status.type === 'close') {
        this.isAway = true;
        this.each('lost');
      }
      if (status.type === 'reconnect') {
        this.isAway = false;
        this.each('back');
      }
      if (status.type === 'error') this.hear(status.error);
    }
  }

  private hear(error: Error): void {
    const refusal = this.refusalIn(error);
    if (refusal !== undefined) {
      for (const listener of this.listeners.refused) listener(refusal);
    }
    const { AuthorizationError, UserAuthenticationExpiredError } = errors;
    if (error instanceof AuthorizationError || error instanceof UserAuthenticationExpiredError) {
      const message = `NATS does not let in ${this.who()}: ${error.message}`;
      const shutOut = new CredentialsRefused(message, { cause: error });
      for (const listener of this.listeners.shutOut) listener(shutOut);
    }
  }

  private each(event: 'lost' | 'back'): void {
    for (const listener of this.listeners[event]) listener();
  }
}
