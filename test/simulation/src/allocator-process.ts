import { MemoryBuildFiles, MemoryKeyStore } from '#memory';
import { EndpointServer, type EndpointLogger } from '#rpc';
import type { AllocationRequest } from '#wire';
import { Allocator } from '../../../apps/allocator/src/allocator.js';
import { FleetLogPort } from './fleet-log-port.js';
import type { Life } from './life.js';
import { OutcomesPort, QueuePort } from './queue-ports.js';
import { REGION } from './schedule.js';
import { SimulatedProcess } from './simulated-process.js';

/** The real allocator, with the same endpoints as in the service. */
export class AllocatorProcess extends SimulatedProcess {
  private allocator: Allocator | undefined;

  /** To be called while the log stores nothing, `since` then (epoch ms). */
  knowsThatItIsFull(since: number): void {
    const { judge, server } = this.world;
    if (!this.isSteadySince(since) || server.isAway || !server.isFull) return;
    if (this.allocator === undefined || this.allocator.unservedBecause() !== null) return;
    judge.violated('who can store nothing says so', `${this.name} would serve`);
  }

  protected async boot(life: Life): Promise<void> {
    const { world } = this;
    this.allocator = undefined;
    const { bus, ...ports } = this.portsOf(life);
    // Each life has a new name, as in the service.
    const id = `${this.name}-${this.lives}`;
    const isSilent = world.breakage.withoutRollCall || this.isOfLastRelease;
    const options = isSilent ? { rollCallMs: 0 } : {};
    const allocatorPorts = {
      ...{ ...ports, bus, logger: world.logger },
      fleets: new FleetLogPort(world, life),
      machines: world.machines,
      configurations: world.configurations,
      builds: world.builds,
      files: new MemoryBuildFiles(),
      requests: new QueuePort(world, life),
      outcomes: new OutcomesPort(world, life),
      // Nothing is encrypted in a simulation.
      keys: new MemoryKeyStore(),
    };
    const allocator = new Allocator(id, REGION, allocatorPorts, options);
    this.weaken(allocator);
    this.observe(allocator);
    await allocator.start();
    this.allocator = allocator;
    allocator.serve(new EndpointServer(bus, { clock: ports.clock, logger: strict }));
  }

  /**
   * Records which requests come and go, from the bus or the queue, and which of them have a slot
   * held.
   */
  private observe(allocator: Allocator): void {
    const { lines } = this.world.judge;
    const { claims, room, id: name } = innards(allocator);
    const allocate = claims.allocateAsLogged.bind(claims);
    claims.allocateAsLogged = (request: AllocationRequest) => {
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
    const { withoutMaximum, withoutOrder, withoutProbes, withoutSettingAside } =
      this.world.breakage;
    const { maximum, room, storing, slots } = innards(allocator);
    if (withoutProbes) storing['probe'] = () => Promise.resolve();
    if (withoutSettingAside) slots.isQuarantined = () => false;
    if (withoutMaximum) maximum.judge = () => Promise.resolve('within');
    if (withoutOrder) {
      const nextPlace = room.nextPlace.bind(room);
      room.nextPlace = () => -nextPlace();
    }
  }
}

/** The private parts of an allocator, which only the simulator observes and breaks. */
function innards(allocator: Allocator) {
  const { id } = allocator;
  return {
    id,
    claims: allocator.claims,
    maximum: allocator['maximum'],
    room: allocator['room'],
    storing: allocator['storing'],
    slots: allocator['pool'].slots,
  };
}

/** Unreadable messages are refused or set aside; any other error is a fault of the allocator. */
const strict: EndpointLogger = {
  info: () => undefined,
  warn: () => undefined,
  error: (fields) => {
    throw new Error('an allocator failed', { cause: fields });
  },
};
