import { rootAnswer } from '#http-api';
import { version } from '#service-runtime';
import { Controller, Get } from '@nestjs/common';
import { OpenToAll } from '../auth/requires.js';
import { Describes } from '../openapi/describes.js';

@Controller()
export class RootController {
  @Describes({
    summary: 'Shows name and version of this service, and what it offers',
    answers: { 200: rootAnswer },
  })
  @OpenToAll()
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
        documentation: '/docs',
        openApi: '/openapi.json',
        asyncApi: '/asyncapi.json',
        errors: '/errors',
      },
    };
  }
}
