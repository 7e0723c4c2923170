import { Allocations } from '../../../apps/gateway/src/api/allocations/allocations.js';
import type { Life } from './life.js';
import { SimulatedProcess } from './simulated-process.js';

/** The gateway's code for POST /v1/allocations; `Web` simulates HTTP itself. */
export class GatewayProcess extends SimulatedProcess {
  protected boot(life: Life): Promise<void> {
    const { bus, clock, random } = this.portsOf(life);
    const allocations = new Allocations(bus, clock, random);
    this.world.web.listen(life, (request, gone) => allocations.allocate(request, gone));
    return Promise.resolve();
  }
}
