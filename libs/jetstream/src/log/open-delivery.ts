import { ConsumerDelivery } from './consumer-delivery.js';
import type { Delivery, DeliverySink, DeliveryStart, StreamAccess } from './delivery.js';
import { DirectDelivery } from './direct-delivery.js';

/**
 * @throws {TransientError} JetStream does not answer.
 * @throws {LogRefused | NotPermitted} JetStream does not permit reading.
 */
export async function openDelivery(
  access: StreamAccess,
  start: DeliveryStart,
  sink: DeliverySink,
): Promise<Delivery> {
  if (access.consumers) return ConsumerDelivery.open(access, start, sink);
  return new DirectDelivery(access, start, sink);
}
