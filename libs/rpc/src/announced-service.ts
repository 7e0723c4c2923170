import type { Bus, Subscription } from '#kernel';
import { encodeJson, SERVICES } from '#wire';
import type { EndpointRecord } from './endpoint-record.js';

/** How a service describes itself to clients that look for services (NATS ADR-32). */
export interface ServiceIdentity {
  /** Letters, digits, `-` and `_`; replicas share the name. */
  readonly name: string;
  /** The id of one running instance. */
  readonly id: string;
  readonly version: string;
  readonly description: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** Epoch ms. */
  readonly startedAt: number;
}

const VERBS = ['PING', 'INFO', 'STATS'] as const;
type Verb = (typeof VERBS)[number];

/**
 * Makes a service visible to `nats service ls` and similar tools, with statistics. It answers on
 * `$SRV` only; the service's own subjects are served elsewhere and not slowed down.
 */
export class AnnouncedService {
  private subscriptions: readonly Subscription[] = [];

  constructor(
    private readonly bus: Bus,
    private readonly identity: ServiceIdentity,
    private readonly endpoints: readonly EndpointRecord[],
  ) {}

  start(): void {
    const { name, id } = this.identity;
    this.subscriptions = VERBS.flatMap((verb) => {
      const all = SERVICES.of({ verb });
      return [all, `${all}.${name}`, `${all}.${name}.${id}`].map((subject) =>
        this.bus.subscribe(subject, (message) => message.respond(encodeJson(this.answer(verb)))),
      );
    });
  }

  stop(): void {
    for (const subscription of this.subscriptions) subscription.close();
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
