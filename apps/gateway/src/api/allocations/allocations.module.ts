import { Module } from '@nestjs/common';
import { GATEWAY_DEPS } from '../../gateway-deps.module.js';
import type { GatewayDeps } from '../../gateway-deps.js';
import { payloads } from '../payloads/payloads.provider.js';
import { SlotsModule } from '../slots/slots.module.js';
import { AllocationsController } from './allocations.controller.js';
import { Allocations } from './allocations.js';

/** Requests that are answered at once, and allocations that run. */
export const allocations = {
  imports: [SlotsModule],
  controllers: [AllocationsController],
  providers: [
    payloads,
    {
      provide: Allocations,
      useFactory: ({ bus, clock, random }: GatewayDeps) => new Allocations(bus, clock, random),
      inject: [GATEWAY_DEPS],
    },
  ],
  exports: [Allocations],
};

@Module(allocations)
export class AllocationsModule {}
