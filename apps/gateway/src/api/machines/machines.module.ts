import { Bus } from '#kernel';
import { Module } from '@nestjs/common';
import { SlotsModule } from '../slots/slots.module.js';
import { MachinesController } from './machines.controller.js';
import { Machines } from './machines.js';

/** What machines may say of their slots. */
export const machines = {
  imports: [SlotsModule],
  controllers: [MachinesController],
  providers: [{ provide: Machines, useFactory: (bus: Bus) => new Machines(bus), inject: [Bus] }],
};

@Module(machines)
export class MachinesModule {}
