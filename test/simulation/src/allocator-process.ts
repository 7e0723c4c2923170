import { Unparsable, type Bus, type BusMessage } from '#kernel';
import {
  endpoints,
  slotOfReport,
  ALLOCATORS,
  allocationRequest,
  deallocationRequest,
  decodeJson,
  operationRequest,
  encodeJson,
  reportMessage,
  sizeRequest,
  type AllocationRequest,
} from '#wire';
import { Allocator } from '../../../apps/allocator/src/allocator.js';
import { FleetLogPort } from './fleet-log-port.js';
import type { Life } from './life.js';
import { OutcomesPort, QueuePort } from './queue-ports.js';
import { REGION } from './schedule.js';
import { SimulatedProcess } from './simulated-process.js';

type Schema<Request> = Parameters<typeof decodeJson<Request>>[0];

/** The real allocator; what Nest does for it in the service is done here in a few lines. */
export class AllocatorProcess extends SimulatedProcess {
  protected async boot(life: Life): Promise<void> {
    const { world } = this;
    const { bus, ...ports } = this.portsOf(life);
    // A new name for each life, as in the service.
    const id = `${this.name}-${this.lives}`;
    const allocator = new Allocator(id, REGION, {
      ...{ ...ports, bus, logger: world.logger },
      fleets: new FleetLogPort(world, life),
      requests: new QueuePort(world, life),
      outcomes: new OutcomesPort(world, life),
    });
    this.weaken(allocator);
    this.observe(allocator);
    await allocator.start();
    const answer = <Request>(
      subject: string,
      schema: Schema<Request>,
      reply: (request: Request) => Promise<unknown>,
    ) =>
      serve(bus, subject, async (message) =>
        message.respond(encodeJson(await reply(decodeJson(schema, message.body)))),
      );
    answer(endpoints.allocate.subject.of({ region: REGION }), allocationRequest, (request) =>
      allocator.allocate(request),
    );
    answer(endpoints.deallocate.subject.of({ region: REGION }), deallocationRequest, (asked) =>
      allocator.deallocate(asked),
    );
    answer(endpoints.operate.subject.of({ region: REGION }), operationRequest, (request) =>
      allocator.direct(request),
    );
    answer(endpoints.size.subject.of({ region: REGION }), sizeRequest, (request) =>
      allocator.size(request),
    );
    const report = ({ subject, body }: BusMessage) =>
      allocator.report(slotOfReport(subject), decodeJson(reportMessage, body));
    serve(bus, endpoints.report.subject.filter({ region: REGION }), report);
    serve(bus, endpoints.reportToClaimer.subject.filter({ region: REGION, allocator: id }), report);
  }

  /** Notes who comes and goes, from the bus or from the queue, and who has a slot held for it. */
  private observe(allocator: Allocator): void {
    const { lines } = this.world.judge;
    const { claims, room, id: name } = innards(allocator);
    const allocate = allocator.allocate.bind(allocator);
    allocator.allocate = (request: AllocationRequest) => {
      const { allocationId: id = '', attributes } = request;
      if (claims['underWay'].has(id)) return allocate(request);
      lines.comes(name, id, JSON.stringify(attributes));
      return allocate(request).finally(() => lines.goes(name, id));
    };
    const find = claims['find'].bind(claims);
    claims['find'] = async (claimAttempt) => {
      const found = await find(claimAttempt);
      if ('kind' in found && found.kind === 'slot')
        lines.served(name, claimAttempt.id, room['waiting']);
      return found;
    };
  }

  private weaken(allocator: Allocator): void {
    const { withoutMaximum, withoutOrder } = this.world.breakage;
    const { maximum, room } = innards(allocator);
    if (withoutMaximum) maximum.judge = () => Promise.resolve('within');
    if (withoutOrder) {
      const nextPlace = room.nextPlace.bind(room);
      room.nextPlace = () => -nextPlace();
    }
  }
}

/** The simulator looks into an allocator, and breaks its parts, where nobody else may. */
function innards(allocator: Allocator) {
  const { id } = allocator;
  return {
    id,
    claims: allocator['claims'],
    maximum: allocator['maximum'],
    room: allocator['room'],
  };
}

function serve(bus: Bus, subject: string, receive: (message: BusMessage) => Promise<void>): void {
  bus.subscribe(subject, (message) => void receive(message).catch(heard), { queue: ALLOCATORS });
}

/** What cannot be read is set aside; anything else is a fault of the allocator. */
function heard(error: unknown): void {
  if (!(error instanceof Unparsable)) throw error;
}
