import { Module } from '@nestjs/common';
import { PARTS } from '../../parts.module.js';
import type { GatewayParts } from '../../parts.js';
import { SlotsModule } from '../slots/slots.module.js';
import { AllocationsController } from './allocations.controller.js';
import { Allocations } from './allocations.js';

/** Requests that are answered at once, and allocations as they run. */
export const allocations = {
  imports: [SlotsModule],
  controllers: [AllocationsController],
  providers: [
    {
      provide: Allocations,
      useFactory: ({ bus, clock, random }: GatewayParts) => new Allocations(bus, clock, random),
      inject: [PARTS],
    },
  ],
  exports: [Allocations],
};

@Module(allocations)
export class AllocationsModule {}
