import type { Bus, Clock, Subscription } from '#kernel';
import { hear } from '#rpc';
import type { Logger } from '#service-runtime';
import { ALIVE_MS, endpoints, type Alive } from '#wire';

/** A service that was not heard for this long (ms) is gone. */
const GONE_MS = 5 * ALIVE_MS;

export interface Service extends Alive {
  readonly region: string;
  /** `allocator` or `gateway`; later versions may have more. */
  readonly service: string;
  readonly id: string;
  /** Epoch ms, by this machine's clock. */
  readonly heardAt: number;
}

interface ServicesDeps {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The allocators and gateways that are heard now. */
export class Services {
  private readonly heard = new Map<string, Service>();
  private readonly subscriptions: Subscription[] = [];

  constructor(private readonly deps: ServicesDeps) {}

  start(regions: readonly string[]): void {
    for (const region of regions) {
      const { bus, clock, logger } = this.deps;
      const refused = ({ message }: Error) => logger.warn({ message }, 'services are not heard');
      const listener = (alive: Alive, { service, id }: { service: string; id: string }) => {
        this.heard.set(`${region}.${service}.${id}`, {
          ...{ ...alive, region, service, id },
          heardAt: clock.now(),
        });
      };
      this.subscriptions.push(
        hear(bus, endpoints.alive, { region }, listener, { ...this.deps, refused }),
      );
    }
  }

  close(): void {
    for (const subscription of this.subscriptions) subscription.close();
  }

  /** In the order of their names. */
  in(region: string): readonly Service[] {
    const from = this.deps.clock.now() - GONE_MS;
    for (const [name, { heardAt }] of this.heard) if (heardAt < from) this.heard.delete(name);
    return [...this.heard]
      .filter(([, service]) => service.region === region)
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([, service]) => service);
  }
}
