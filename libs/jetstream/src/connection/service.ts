import type { NatsConnection, Subscription } from '@nats-io/transport-node';

/** What a service says of itself to whoever looks for services (NATS ADR-32). */
export interface ServiceIdentity {
  /** Letters, digits, `-` and `_`; replicas share it. */
  readonly name: string;
  /** One running instance. */
  readonly id: string;
  readonly version: string;
  readonly description: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** Epoch ms. */
  readonly startedAt: number;
}

/** What an endpoint has done since it was started. */
export class EndpointRecord {
  private requests = 0;
  private errors = 0;
  private lastError = '';
  private totalNs = 0;

  constructor(
    readonly name: string,
    readonly subject: string,
    readonly queue: string,
  ) {}

  /** @param error what was said instead of what was asked for */
  note(elapsedNs: number, error?: string): void {
    this.requests += 1;
    this.totalNs += elapsedNs;
    if (error === undefined) return;
    this.errors += 1;
    this.lastError = error;
  }

  get info() {
    return { name: this.name, subject: this.subject, queue_group: this.queue, metadata: {} };
  }

  get stats() {
    const totalNs = Math.round(this.totalNs);
    return {
      name: this.name,
      subject: this.subject,
      queue_group: this.queue,
      num_requests: this.requests,
      num_errors: this.errors,
      last_error: this.lastError,
      processing_time: totalNs,
      average_processing_time: this.requests === 0 ? 0 : Math.round(totalNs / this.requests),
    };
  }
}

const VERBS = ['PING', 'INFO', 'STATS'] as const;
type Verb = (typeof VERBS)[number];

/**
 * Makes a service visible to `nats service ls` and its like, with statistics. It answers questions
 * on `$SRV` only: the service's own subjects stay whoever's they are, and are not slowed.
 */
export class AnnouncedService {
  private readonly listening: Subscription[] = [];

  constructor(
    private readonly connection: NatsConnection,
    private readonly identity: ServiceIdentity,
    private readonly endpoints: readonly EndpointRecord[],
  ) {}

  start(): void {
    const { name, id } = this.identity;
    for (const verb of VERBS) {
      for (const place of ['', `.${name}`, `.${name}.${id}`]) {
        const subscription = this.connection.subscribe(`$SRV.${verb}${place}`, {
          callback: (error, message) => {
            if (error === null) message.respond(JSON.stringify(this.answer(verb)));
          },
        });
        this.listening.push(subscription);
      }
    }
  }

  stop(): void {
    for (const subscription of this.listening) subscription.unsubscribe();
  }

  private answer(verb: Verb) {
    const { startedAt, description, ...identity } = this.identity;
    switch (verb) {
      case 'PING':
        return { type: 'io.nats.micro.v1.ping_response', ...identity };
      case 'INFO':
        return {
          type: 'io.nats.micro.v1.info_response',
          ...identity,
          description,
          endpoints: this.endpoints.map(({ info }) => info),
        };
      case 'STATS':
        return {
          type: 'io.nats.micro.v1.stats_response',
          ...identity,
          started: new Date(startedAt).toISOString(),
          endpoints: this.endpoints.map(({ stats }) => stats),
        };
    }
  }
}

/** Headers by which clients of the services protocol tell an error without reading the body. */
export const SERVICE_ERROR = {
  text: 'Nats-Service-Error',
  code: 'Nats-Service-Error-Code',
} as const;
