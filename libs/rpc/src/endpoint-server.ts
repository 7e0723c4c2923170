import type { Bus, Subscription } from '#kernel';
import type { Asked, Told, Tokens } from '#wire';
import type { z } from 'zod';
import { AnnouncedService, type ServiceIdentity } from './announced-service.js';
import { hear, type Listener } from './hear.js';
import { serve, type Handler, type ServeOptions, type Served } from './serve.js';

/** All endpoints that one service serves and hears. Each feature adds its own. */
export class EndpointServer {
  private readonly served: Served[] = [];
  private readonly subscriptions: Subscription[] = [];
  private announced: AnnouncedService | undefined;

  constructor(
    private readonly bus: Bus,
    private readonly options: ServeOptions,
  ) {}

  /** Like the function `serve`, until this server is closed. */
  serve<Template extends string, Request extends z.ZodType, Answer extends z.ZodType>(
    endpoint: Asked<Template, Request, Answer>,
    at: Partial<Tokens<Template>>,
    handler: Handler<Template, Request, Answer>,
    limits: Pick<ServeOptions, 'underWayMax'> = {},
  ): void {
    const served = serve(this.bus, endpoint, at, handler, { ...this.options, ...limits });
    this.served.push(served);
    this.subscriptions.push(served);
  }

  /** Like the function `hear`, until this server is closed. */
  hear<Template extends string, Message extends z.ZodType>(
    endpoint: Told<Template, Message>,
    at: Partial<Tokens<Template>>,
    listener: Listener<Template, Message>,
  ): void {
    this.subscriptions.push(hear(this.bus, endpoint, at, listener, this.options));
  }

  /** Statistics of each served endpoint since its start. */
  get stats() {
    return this.served.map(({ record }) => record.stats);
  }

  /**
   * Makes the endpoints served by now visible to clients of the services protocol (NATS ADR-32).
   */
  announce(identity: ServiceIdentity): void {
    const records = this.served.map(({ record }) => record);
    this.announced = new AnnouncedService(this.bus, identity, records);
    this.announced.start();
  }

  /** Accepts no more questions; those under way are still answered. */
  close(): void {
    this.announced?.stop();
    for (const subscription of this.subscriptions) subscription.close();
  }
}
