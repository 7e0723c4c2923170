import { errorMessage, Unparsable, type Bus, type BusMessage, type Subscription } from '#kernel';
import type { Logger } from '#service-runtime';
import {
  endpoints,
  decodeJson,
  deregistrationRequest,
  encodeJson,
  keepAliveRequest,
  registrationRequest,
  type RegistrarRefused,
} from '#wire';
import type { Registrar } from './registrar.js';

/** Registrations that are looked into at the same time; more are asked to come back. */
const OPEN_MAX = 1_000;

/** Hears what servers ask of the region's registrar, and answers every time. */
export class Desk {
  private readonly subscriptions: Subscription[] = [];
  private open = 0;

  constructor(
    private readonly region: string,
    private readonly registrar: Registrar,
    private readonly bus: Bus,
    private readonly logger: Logger,
  ) {}

  start(): void {
    const { region, registrar } = this;
    this.hear(endpoints.register.subject.of({ region }), async (body) => {
      const request = decodeJson(registrationRequest, body);
      if (request.region === region) return registrar.register(request);
      throw new Unparsable(`region: the subject says ${region}, the body ${request.region}`);
    });
    this.hear(endpoints.keepAlive.subject.of({ region }), async (body) =>
      registrar.keepAlive(decodeJson(keepAliveRequest, body)),
    );
    this.hear(endpoints.deregister.subject.of({ region }), async (body) =>
      registrar.deregister(decodeJson(deregistrationRequest, body)),
    );
  }

  close(): void {
    for (const subscription of this.subscriptions) subscription.close();
  }

  private hear(subject: string, answer: (body: Uint8Array) => Promise<unknown>): void {
    const receive = (message: BusMessage) => void this.answer(message, answer);
    this.subscriptions.push(this.bus.subscribe(subject, receive));
  }

  private async answer(
    message: BusMessage,
    answer: (body: Uint8Array) => Promise<unknown>,
  ): Promise<void> {
    if (this.open >= OPEN_MAX) return message.respond(encodeJson(BUSY));
    this.open += 1;
    try {
      message.respond(encodeJson(await answer(message.body)));
    } catch (error) {
      message.respond(encodeJson(this.refuse(error)));
    } finally {
      this.open -= 1;
    }
  }

  private refuse(error: unknown): RegistrarRefused {
    const message = errorMessage(error);
    if (error instanceof Unparsable) return { status: 'refused', code: 'invalid', message };
    this.logger.error({ error: message }, 'a registration failed');
    return { status: 'refused', code: 'not-ready', message };
  }
}

const BUSY: RegistrarRefused = {
  status: 'refused',
  code: 'not-ready',
  message: `${OPEN_MAX} registrations are under way already; ask again`,
};
