import { Unparsable, type BusMessage } from '#kernel';
import {
  ALLOCATORS,
  allocateSubject,
  allocationRequest,
  deallocateSubject,
  deallocationRequest,
  decodeJson,
  directionRequest,
  directSubject,
  encodeJson,
  reportMessage,
  reportSubject,
  slotOfReport,
} from '#wire';
import { Allocator } from '../../../apps/allocator/src/allocator.js';
import type { Life } from './life.js';
import { REGION } from './schedule.js';
import { SimulatedProcess } from './simulated-process.js';

const ANY = { region: REGION, agent: '*', slot: '*' };

/** The real allocator; what Nest does for it in the service is done here in a few lines. */
export class AllocatorProcess extends SimulatedProcess {
  protected async boot(life: Life): Promise<void> {
    const { clock, log, bus, chance } = this.portsOf(life);
    // A new name for each life, as in the service.
    const id = `${this.name}-${this.lives}`;
    const { logger } = this.world;
    const allocator = new Allocator(id, REGION, { log, bus, clock, chance, logger });
    await allocator.start();
    const serve = (subject: string, receive: (message: BusMessage) => Promise<void>) =>
      bus.subscribe(subject, (message) => void receive(message).catch(heard), {
        queue: ALLOCATORS,
      });
    serve(allocateSubject(REGION), async (message) => {
      message.respond(
        encodeJson(await allocator.allocate(decodeJson(allocationRequest, message.body))),
      );
    });
    serve(deallocateSubject(REGION), async (message) => {
      message.respond(
        encodeJson(await allocator.deallocate(decodeJson(deallocationRequest, message.body))),
      );
    });
    serve(directSubject(REGION), async (message) => {
      message.respond(
        encodeJson(await allocator.direct(decodeJson(directionRequest, message.body))),
      );
    });
    const report = ({ subject, body }: BusMessage) =>
      allocator.report(slotOfReport(subject), decodeJson(reportMessage, body));
    serve(reportSubject(ANY), report);
    serve(reportSubject(ANY, id), report);
  }
}

/** What cannot be read is set aside; anything else is a fault of the allocator. */
function heard(error: unknown): void {
  if (!(error instanceof Unparsable)) throw error;
}
