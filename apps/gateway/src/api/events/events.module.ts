import { Module } from '@nestjs/common';
import { GATEWAY_DEPS } from '../../gateway-deps.module.js';
import type { GatewayDeps } from '../../gateway-deps.js';
import { Regions } from '../slots/regions.js';
import { SlotView } from '../slots/slot-view.js';
import { SlotsModule } from '../slots/slots.module.js';
import { EventStreams } from './event-streams.js';
import { EventsController } from './events.controller.js';

/** Events as they happen. */
export const events = {
  imports: [SlotsModule],
  controllers: [EventsController],
  providers: [
    {
      provide: EventStreams,
      useFactory: (deps: GatewayDeps, regions: Regions, view: SlotView) =>
        new EventStreams(deps, regions, view),
      inject: [GATEWAY_DEPS, Regions, SlotView],
    },
  ],
  exports: [EventStreams],
};

@Module(events)
export class EventsModule {}
