import { ALLOCATORS, encodeJson } from '#wire';
import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import { NatsContext, ServerNats, type MessageHandler } from '@nestjs/microservices';
import { lastValueFrom } from 'rxjs';

/**
 * Nest's NATS transport on the connection that the log uses, without Nest's envelope: bodies are
 * what the schemas say, so that a requester in any language needs a NATS client and nothing else.
 * On one connection, answers and appends leave in one write.
 */
export class PlainNats extends ServerNats {
  private readonly listening: Subscription[] = [];

  constructor(private readonly connection: NatsConnection) {
    super({});
  }

  override createNatsClient(): Promise<NatsConnection> {
    return Promise.resolve(this.connection);
  }

  override bindEvents(connection: NatsConnection): void {
    for (const [subject, handler] of this.getHandlers()) {
      const callback = (_: Error | null, message: Msg) => void this.answer(handler, message);
      this.listening.push(connection.subscribe(subject, { queue: ALLOCATORS, callback }));
    }
  }

  /** Takes no more requests, and lets what was answered leave; the connection is its owner's. */
  override async close(): Promise<void> {
    for (const subscription of this.listening) subscription.unsubscribe();
    if (!this.connection.isClosed()) await this.connection.flush();
  }

  private async answer(handler: MessageHandler, message: Msg): Promise<void> {
    try {
      const context = new NatsContext([message.subject, message.headers]);
      const answer$ = this.transformToObservable(await handler(message.data, context));
      const answer: unknown = await lastValueFrom(answer$, { defaultValue: undefined });
      if (handler.isEventHandler !== true) message.respond(encodeJson(answer));
    } catch (error) {
      this.logger.error(error);
    }
  }
}
