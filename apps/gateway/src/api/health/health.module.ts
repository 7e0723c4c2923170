import { Module } from '@nestjs/common';
import { GATEWAY_DEPS } from '../../gateway-deps.module.js';
import type { GatewayDeps } from '../../gateway-deps.js';
import { Regions } from '../slots/regions.js';
import { SlotsModule } from '../slots/slots.module.js';
import { HealthController } from './health.controller.js';
import { Readiness } from './readiness.js';

/** Whether the gateway is up, and whether it can serve. */
export const health = {
  imports: [SlotsModule],
  controllers: [HealthController],
  providers: [
    {
      provide: Readiness,
      useFactory: (deps: GatewayDeps, regions: Regions) =>
        new Readiness(deps, deps.ownBus ?? deps.bus, regions),
      inject: [GATEWAY_DEPS, Regions],
    },
  ],
};

@Module(health)
export class HealthModule {}
