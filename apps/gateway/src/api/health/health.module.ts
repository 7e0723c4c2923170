import { Module } from '@nestjs/common';
import { PARTS } from '../../parts.module.js';
import type { GatewayParts } from '../../parts.js';
import { Regions } from '../slots/regions.js';
import { SlotsModule } from '../slots/slots.module.js';
import { HealthController } from './health.controller.js';
import { Readiness } from './readiness.js';

/** Whether the gateway is up, and can serve. */
export const health = {
  imports: [SlotsModule],
  controllers: [HealthController],
  providers: [
    {
      provide: Readiness,
      useFactory: (parts: GatewayParts, regions: Regions) => new Readiness(parts, regions),
      inject: [PARTS, Regions],
    },
  ],
};

@Module(health)
export class HealthModule {}
