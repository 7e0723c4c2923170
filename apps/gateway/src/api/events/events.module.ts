import { Module } from '@nestjs/common';
import { PARTS } from '../../parts.module.js';
import type { GatewayParts } from '../../parts.js';
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
      useFactory: (parts: GatewayParts, regions: Regions, view: SlotView) =>
        new EventStreams(parts, regions, view),
      inject: [PARTS, Regions, SlotView],
    },
  ],
  exports: [EventStreams],
};

@Module(events)
export class EventsModule {}
