import { Bus } from '#kernel';
import { Module } from '@nestjs/common';
import { DirectionsController } from './operations.controller.js';
import { SlotOperations } from './slot-operations.js';

/** Operators' directions for slots. */
export const operations = {
  controllers: [DirectionsController],
  providers: [
    { provide: SlotOperations, useFactory: (bus: Bus) => new SlotOperations(bus), inject: [Bus] },
  ],
  exports: [SlotOperations],
};

@Module(operations)
export class OperationsModule {}
