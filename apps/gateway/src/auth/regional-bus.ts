import { Bus, type BusMessage, type Subscription } from '#kernel';
import { regionOf } from '#wire';
import { requireRegion } from './caller.js';

/**
 * A bus that callers can use for their own regions only. Every message that a request causes goes
 * to an endpoint's subject, which names the region, so no route can forget the check.
 */
export class RegionalBus extends Bus {
  constructor(private readonly bus: Bus) {
    super();
  }

  publish(subject: string, body: Uint8Array): void {
    requireRegion(regionOf(subject));
    this.bus.publish(subject, body);
  }

  async request(...asked: Parameters<Bus['request']>): Promise<Uint8Array> {
    const [subject] = asked;
    requireRegion(regionOf(subject));
    return this.bus.request(...asked);
  }

  subscribe(
    subject: string,
    receive: (message: BusMessage) => void,
    options?: { readonly queue?: string },
  ): Subscription {
    return this.bus.subscribe(subject, receive, options);
  }
}
