import { AnnouncedService, EndpointRecord, SERVICE_ERROR, type ServiceIdentity } from '#jetstream';
import { elapsedNs } from '#service-runtime';
import { ALLOCATORS, REFUSALS, encodeJson, refused, type Refused } from '#wire';
import { headers, type Msg, type NatsConnection, type Subscription } from '@nats-io/transport-node';
import { NatsContext, ServerNats, type MessageHandler } from '@nestjs/microservices';
import { lastValueFrom } from 'rxjs';

/** Of the text in the header; the body has all of it. */
const ERROR_LENGTH_MAX = 256;

/**
 * Nest's NATS transport on the connection that the log uses, without Nest's envelope: bodies are
 * what the schemas say, so that a requester in any language needs a NATS client and nothing else.
 * On one connection, answers and appends leave in one write.
 */
export class PlainNats extends ServerNats {
  private readonly listening: Subscription[] = [];
  private service: AnnouncedService | undefined;

  constructor(
    private readonly connection: NatsConnection,
    /** By which it is found among services; without, it is not. */
    private readonly identity?: ServiceIdentity,
  ) {
    super({});
  }

  override createNatsClient(): Promise<NatsConnection> {
    return Promise.resolve(this.connection);
  }

  override bindEvents(connection: NatsConnection): void {
    const records: EndpointRecord[] = [];
    for (const [subject, handler] of this.getHandlers()) {
      const [name = subject] = subject.split('.');
      const record = new EndpointRecord(name, subject, ALLOCATORS);
      if (handler.isEventHandler !== true) records.push(record);
      const callback = (_: Error | null, message: Msg) =>
        void this.answer(handler, message, record);
      this.listening.push(connection.subscribe(subject, { queue: ALLOCATORS, callback }));
    }
    if (this.identity === undefined) return;
    this.service = new AnnouncedService(connection, this.identity, records);
    this.service.start();
  }

  /** Takes no more requests, and lets what was answered leave; the connection is its owner's. */
  override async close(): Promise<void> {
    this.service?.stop();
    for (const subscription of this.listening) subscription.unsubscribe();
    if (!this.connection.isClosed()) await this.connection.flush();
  }

  private async answer(
    handler: MessageHandler,
    message: Msg,
    record: EndpointRecord,
  ): Promise<void> {
    const since = elapsedNs();
    try {
      const context = new NatsContext([message.subject, message.headers]);
      const answer$ = this.transformToObservable(await handler(message.data, context));
      const answer: unknown = await lastValueFrom(answer$, { defaultValue: undefined });
      if (handler.isEventHandler === true) return;
      const refusal = refusalIn(answer);
      const body = encodeJson(answer);
      if (refusal === undefined) message.respond(body);
      else message.respond(body, { headers: errorHeaders(refusal) });
      record.note(elapsedNs() - since, refusal && `${refusal.code}: ${refusal.message}`);
    } catch (error) {
      this.logger.error(error);
      record.note(elapsedNs() - since, 'no answer');
    }
  }
}

function refusalIn(answer: unknown): Refused | undefined {
  if ((answer as { status?: unknown } | undefined)?.status !== 'refused') return undefined;
  return refused.parse(answer);
}

/** What clients of the services protocol look for; the body says the same, and more. */
function errorHeaders({ code, message }: Refused) {
  const said = headers();
  // A message may repeat what was sent, and a header holds printable ASCII only.
  const text = `${code}: ${message}`.replace(/[^\x20-\x7e]/g, '?').slice(0, ERROR_LENGTH_MAX);
  said.set(SERVICE_ERROR.text, text);
  said.set(SERVICE_ERROR.code, String(REFUSALS[code].status));
  return said;
}
