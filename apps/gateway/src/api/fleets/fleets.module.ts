import { Bus } from '#kernel';
import { Module } from '@nestjs/common';
import { SlotsModule } from '../slots/slots.module.js';
import { FleetsController } from './fleets.controller.js';
import { Fleets } from './fleets.js';

/** The sizes of fleets, and what they run. */
export const fleets = {
  imports: [SlotsModule],
  controllers: [FleetsController],
  providers: [{ provide: Fleets, useFactory: (bus: Bus) => new Fleets(bus), inject: [Bus] }],
  exports: [Fleets],
};

@Module(fleets)
export class FleetsModule {}
