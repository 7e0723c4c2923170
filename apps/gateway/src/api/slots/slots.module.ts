import { Module } from '@nestjs/common';
import { PARTS } from '../../parts.module.js';
import type { GatewayParts } from '../../parts.js';
import { AgentsController } from '../agents/agents.controller.js';
import { UsageController } from '../usage/usage.controller.js';
import { Regions } from './regions.js';
import { SlotView } from './slot-view.js';
import { SlotsController } from './slots.controller.js';

/** Slots and agents as the log shows them, and what their processes use. */
export const slots = {
  controllers: [SlotsController, UsageController, AgentsController],
  providers: [
    SlotView,
    {
      provide: Regions,
      useFactory: (parts: GatewayParts, view: SlotView) => new Regions(parts, view),
      inject: [PARTS, SlotView],
    },
  ],
  exports: [SlotView, Regions],
};

@Module(slots)
export class SlotsModule {}
