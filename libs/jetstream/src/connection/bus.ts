import {
  Bus,
  DeadlinePassed,
  NobodyListens,
  NotPermitted,
  TransientError,
  type BusMessage,
  type SubscribeOptions,
  type Subscription,
} from '#kernel';
import {
  headers,
  ClosedConnectionError,
  DrainingConnectionError,
  NoRespondersError,
  TimeoutError,
  type Msg,
  type MsgHdrs,
  type NatsConnection,
} from '@nats-io/transport-node';
import { ConnectionWatch } from './connection-watch.js';
import { causedBy } from './failures.js';
import { Outbox } from './outbox.js';
import { dataversionIn, withDataversion } from './dataversion-header.js';
import { traceIn, withTrace } from './trace-headers.js';

/** No message of the bus has more bytes of headers. */
const HEADERS_BYTES = 1_024;

/** The bus on core NATS. */
export class NatsBus extends Bus {
  private readonly connection: NatsConnection;

  constructor(connection: NatsConnection) {
    super();
    this.connection = connection;
  }

  publish(subject: string, body: Uint8Array): void {
    const headers = sentHeaders();
    send(this.connection, body, () => this.connection.publish(subject, body, headers));
  }

  async request(
    subject: string,
    body: Uint8Array,
    timeoutMs: number,
    dataversion?: number,
  ): Promise<Uint8Array> {
    const options = { timeout: timeoutMs, ...sentHeaders(dataversion) };
    try {
      return (await this.connection.request(subject, body, options)).data;
    } catch (cause) {
      if (causedBy(cause, NoRespondersError)) {
        throw new NobodyListens(`nobody listens on ${subject}`, { cause });
      }
      if (causedBy(cause, TimeoutError)) {
        throw new DeadlinePassed(`no answer from ${subject} in ${timeoutMs} ms`, { cause });
      }
      if (cause instanceof NotPermitted) throw cause;
      throw new TransientError(`the request to ${subject} could not be sent`, { cause });
    }
  }

  /**
   * An error thrown by `receive` ends the process: it is a bug of ours, and no caller could catch
   * it.
   */
  subscribe(
    subject: string,
    receive: (message: BusMessage) => void,
    { queue, refused }: SubscribeOptions = {},
  ): Subscription {
    const subscription = this.connection.subscribe(subject, {
      ...(queue === undefined ? {} : { queue }),
      callback: (error, message) => {
        try {
          if (error === null) return receive(toBusMessage(this.connection, message));
          const refusal = ConnectionWatch.of(this.connection).refusalIn(error);
          if (refusal !== undefined && refused !== undefined) return refused(refusal);
          throw refusal ?? new TransientError(`cannot listen on ${subject}`, { cause: error });
        } catch (thrown) {
          queueMicrotask(() => {
            throw thrown;
          });
        }
      },
    });
    return { close: () => subscription.unsubscribe() };
  }
}

/** Headers only where something is asked or traced: a message costs no byte more otherwise. */
function sentHeaders(dataversion?: number): { readonly headers?: MsgHdrs } {
  const given = withTrace(dataversion === undefined ? undefined : withDataversion(dataversion));
  return given === undefined ? {} : { headers: given };
}

function toBusMessage(connection: NatsConnection, message: Msg): BusMessage {
  const carried = traceIn(message);
  const dataversion = dataversionIn(message);
  return {
    subject: message.subject,
    body: message.data,
    ...(carried !== undefined && { carried }),
    ...(dataversion !== undefined && { dataversion }),
    respond: (body, entries) => {
      const options = entries && { headers: headersOf(entries) };
      send(connection, body, () => void message.respond(body, options));
    },
  };
}

function headersOf(entries: Readonly<Record<string, string>>): MsgHdrs {
  const made = headers();
  for (const [name, value] of Object.entries(entries)) made.set(name, value);
  return made;
}

/** Throws if the message is too large: once it is in the outbox, nobody could handle that. */
function send(connection: NatsConnection, body: Uint8Array, publish: () => void): void {
  const max = (connection.info?.max_payload ?? Infinity) - HEADERS_BYTES;
  if (body.length > max) {
    throw new RangeError(`${body.length} bytes are more than nats-server takes: ${max}`);
  }
  Outbox.of(connection).add(() => unlessClosed(publish));
}

/** The connection may have just been closed; any message on the bus may be lost anyway. */
function unlessClosed(send: () => void): void {
  try {
    send();
  } catch (error) {
    if (error instanceof ClosedConnectionError || error instanceof DrainingConnectionError) return;
    throw error;
  }
}
