import { Module } from '@nestjs/common';
import { GATEWAY_DEPS } from '../../gateway-deps.module.js';
import type { GatewayDeps } from '../../gateway-deps.js';
import { AgentsController } from '../agents/agents.controller.js';
import { Beats } from '../agents/beats.js';
import { UsageController } from '../usage/usage.controller.js';
import { Regions } from './regions.js';
import { SlotView } from './slot-view.js';
import { SlotsController } from './slots.controller.js';

/** Slots and agents as the log shows them, and what their processes use and write. */
export const slots = {
  controllers: [SlotsController, UsageController, AgentsController],
  providers: [
    SlotView,
    { provide: Beats, useFactory: (deps: GatewayDeps) => new Beats(deps), inject: [GATEWAY_DEPS] },
    {
      provide: Regions,
      useFactory: (deps: GatewayDeps, view: SlotView) => new Regions(deps, view),
      inject: [GATEWAY_DEPS, SlotView],
    },
  ],
  exports: [SlotView, Regions, Beats],
};

@Module(slots)
export class SlotsModule {}
