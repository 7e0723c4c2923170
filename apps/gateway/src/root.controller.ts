import { Controller, Get } from '@nestjs/common';
import { version } from './version.js';

@Controller()
export class RootController {
  @Get()
  root() {
    return {
      name: 'berth-gateway',
      version,
      links: {
        allocations: '/v1/allocations',
        slots: '/v1/slots',
        agents: '/v1/agents',
        fleets: '/v1/fleets',
        events: '/v1/events',
        gameFabricAllocate: '/allocate',
        health: '/healthz',
        readiness: '/readyz',
      },
    };
  }
}
